"""Days at the ends of all calendars are refused like anything else that is no answer."""

import pytest

FAR = (
    "/care/roster?day=9999-12-31",
    "/care/roster?span=month&day=0001-01-01",
    "/care/exceptions?day=0001-01-01",
    "/care/orders?month=9999-12",
    "/care/order-months?month=9999-12",
    "/care/wishes?month=9999-12",
    "/homecare/months?month=9999-12",
)


@pytest.mark.parametrize("address", FAR)
def test_a_day_that_no_week_or_month_can_be_reckoned_from_is_refused(county, address):
    assert county.get(address).status_code == 422


def test_a_visit_is_not_moved_to_the_end_of_all_days(manager, visit, worker):
    sent = {"worker": str(worker.id), "starts_at": "9999-12-31T23:59"}

    assert manager.post(f"/care/visits/{visit.id}/move", sent).status_code == 422
