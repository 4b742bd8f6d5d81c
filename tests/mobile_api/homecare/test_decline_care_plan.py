"""declineCarePlan"""

from tests.factories.homecare import make_plan
from tests.mobile_api.refusals import refusal


def decline(phone, plan):
    return phone.post(f"/v1/care-plans/{plan.id}/refusal")


def test_a_no_is_kept_and_twice_is_as_good_as_once(phone, session, bed, worker):
    plan = make_plan(session, bed, worker, state="drafted")

    assert decline(phone, plan).json["state"] == "declined"
    assert decline(phone, plan).status_code == 200


def test_what_counts_already_is_not_declined(phone, session, bed, worker):
    plan = make_plan(session, bed, worker)

    assert refusal(decline(phone, plan)) == (409, "care-plan-not-so")


def test_a_neighbour_declines_nothing(neighbours_phone, session, bed, worker):
    plan = make_plan(session, bed, worker, state="drafted")

    assert refusal(decline(neighbours_phone, plan)) == (404, "not-found")
