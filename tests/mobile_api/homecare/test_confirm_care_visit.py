"""confirmCareVisit"""

import pytest
from sqlalchemy import text

from server import clock
from server.homecare.visits.models import HomeMonthClose
from tests.factories.homecare import make_proof
from tests.mobile_api.refusals import refusal


@pytest.fixture
def address(visit):
    return f"/v1/care-visits/{visit.id}/confirmation"


def confirmed_by(session):
    session.commit()
    return session.execute(text("SELECT confirmed_by FROM visit_proof")).scalar_one()


def test_the_elder_says_that_somebody_came(phone, session, visit, address):
    make_proof(session, visit)

    assert phone.post(address).json["is_confirmed"]
    assert confirmed_by(session) == "own_phone"


def test_a_helper_says_so_later_and_the_record_says_who(help_within, session, visit, address):
    make_proof(session, visit)

    assert help_within("see_visits").post(address).status_code == 200
    assert confirmed_by(session) == "helper"


def test_what_was_confirmed_stays_as_it_was(phone, session, visit, address):
    make_proof(session, visit, confirmed_by="tap", confirmed_at=visit.starts_at)

    assert phone.post(address).status_code == 200
    assert confirmed_by(session) == "tap"


def test_nobody_came_yet(phone, address):
    assert refusal(phone.post(address)) == (409, "visit-not-arrived")


def test_a_closed_month_stays_as_it_is(phone, session, site, visit, address):
    make_proof(session, visit)
    month = visit.service_on.replace(day=1)
    session.add(HomeMonthClose(site_id=site.id, month=month, closed_at=clock.now()))

    assert refusal(phone.post(address)) == (409, "month-closed")


def test_a_neighbour_confirms_nothing(neighbours_phone, session, visit, address):
    make_proof(session, visit)

    assert refusal(neighbours_phone.post(address)) == (404, "not-found")
    assert confirmed_by(session) is None
