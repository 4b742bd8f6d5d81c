"""agreeToCarePlan"""

from sqlalchemy import text

from tests.factories.homecare import make_plan
from tests.mobile_api.refusals import refusal

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def states(session):
    session.commit()
    rows = session.execute(text("SELECT id, state FROM care_plan ORDER BY id")).all()
    return [row.state for row in rows]


def planned(session):
    session.commit()
    query = text("SELECT count(*) FROM care_visit WHERE state = 'planned'")
    return session.execute(query).scalar_one()


def agree(phone, plan):
    return phone.post(f"/v1/care-plans/{plan.id}/agreement")


def test_a_yes_makes_it_count_and_visits_of_it(phone, session, bed, worker):
    plan = make_plan(session, bed, worker, state="drafted", weekdays=EVERY_DAY)

    assert agree(phone, plan).json["state"] == "agreed"
    assert planned(session) == 14
    assert agree(phone, plan).status_code == 200
    assert planned(session) == 14


def test_the_version_before_is_replaced_and_its_visits_called_off(phone, session, bed, worker):
    agree(phone, make_plan(session, bed, worker, state="drafted", weekdays=EVERY_DAY))
    newer = make_plan(session, bed, worker, state="drafted", weekdays=EVERY_DAY)

    assert agree(phone, newer).json["state"] == "agreed"
    assert states(session) == ["replaced", "agreed"]
    assert planned(session) == 14


def test_a_helper_who_may_see_visits_may_agree(help_within, session, bed, worker):
    plan = make_plan(session, bed, worker, state="drafted")

    assert agree(help_within("see_visits"), plan).status_code == 200


def test_a_helper_without_the_scope_may_not(help_within, session, bed, worker):
    plan = make_plan(session, bed, worker, state="drafted")

    assert refusal(agree(help_within("apply"), plan)) == (403, "outside-scope")


def test_a_neighbour_agrees_to_nothing(neighbours_phone, session, bed, worker):
    plan = make_plan(session, bed, worker, state="drafted")

    assert refusal(agree(neighbours_phone, plan)) == (404, "not-found")
    assert states(session) == ["drafted"]


def test_what_was_declined_is_not_agreed_to(phone, session, bed, worker):
    plan = make_plan(session, bed, worker, state="declined")

    assert refusal(agree(phone, plan)) == (409, "care-plan-not-so")
