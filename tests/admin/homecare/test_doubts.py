"""What is to be looked at of a day."""

from datetime import timedelta

from server import clock
from tests.factories.homecare import HERE, make_proof, make_visit


def address(visit, more=""):
    return f"/care/exceptions?day={visit.service_on}{more}"


def test_late_and_missed_visits_are_told(manager, session, bed, worker):
    missed = make_visit(
        session, bed, worker, starts_at=clock.now() - timedelta(hours=2), state="missed"
    )

    page = manager.get(address(missed))
    assert "李秀英" in page.text
    assert "未上门" in page.text


def test_an_arrival_outside_the_fence_is_told_with_its_metres(manager, session, bed, worker):
    visit = make_visit(
        session, bed, worker, starts_at=clock.now() - timedelta(hours=2), state="done"
    )
    make_proof(session, visit, arrived_x=HERE[0] + 0.01)

    page = manager.get(address(visit, "&doubt=outside"))
    assert "李秀英" in page.text
    assert "打卡在范围外" in page.text


def test_a_visit_without_any_doubt_is_not_in_it(manager, session, bed, worker):
    visit = make_visit(
        session, bed, worker, starts_at=clock.now() - timedelta(hours=2), state="done"
    )
    make_proof(session, visit, confirmed_by="tap", confirmed_at=visit.starts_at)

    assert "李秀英" not in manager.get(address(visit)).text


def test_it_is_taken_out_as_a_file(county, session, bed, worker):
    visit = make_visit(
        session, bed, worker, starts_at=clock.now() - timedelta(hours=2), state="missed"
    )

    answer = county.get(f"/care/exceptions/export.csv?day={visit.service_on}")
    assert "未上门" in answer.text
