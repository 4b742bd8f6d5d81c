"""serveWalkIn"""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from server import clock
from server.meals.counter.cards import issue_card, lose_card
from tests.factories.meals import make_sitting
from tests.factories.people import an_id_number, make_resident
from tests.mobile_api.refusals import faulty_fields, refusal

SOMEBODY, SOMEBODY_ELSE = an_id_number(801), an_id_number(802)


@pytest.fixture
def diner(session):
    return make_resident(session, name="王桂兰", id_number=SOMEBODY)


@pytest.fixture
def walk_in(tablet, canteen, sitting):
    def come(sitting=sitting, **shown):
        body = {"key": uuid4().hex, "sitting_id": sitting.id} | shown
        return tablet.post(f"/v1/counter/canteens/{canteen.site_id}/walk-ins", body)

    return come


def bookings(session):
    session.commit()
    return session.execute(text("SELECT booked_by, status, is_late FROM booking")).all()


def test_whoever_shows_an_id_card_eats_at_once_and_pays_as_booked(session, walk_in, diner):
    answer = walk_in(id_number=SOMEBODY)

    assert (answer.json["state"], answer.json["name"]) == ("accepted", "王桂兰")
    assert bookings(session) == [("walk_in", "collected", False)]


def test_after_the_cut_off_too_while_there_is_a_place(session, walk_in, canteen, diner):
    late = make_sitting(
        session, canteen, in_days=0, meal="dinner", cutoff_at=clock.now() - timedelta(hours=1),
        serves_until=time(23, 59, 59), capacity=1,
    )  # fmt: skip

    assert walk_in(late, id_number=SOMEBODY).json["state"] == "accepted"
    make_resident(session, id_number=SOMEBODY_ELSE)
    assert refusal(walk_in(late, id_number=SOMEBODY_ELSE)) == (409, "sitting-full")


def test_a_meal_card_stands_for_its_holder_until_it_is_lost(session, walk_in, diner):
    card = issue_card(session, resident_id=diner.id, number="6217 0001")
    assert walk_in(card_number="62170001").json["name"] == "王桂兰"

    lose_card(session, card)
    assert refusal(walk_in(card_number="62170001")) == (404, "meal-card-unknown")


def test_whoever_booked_and_left_the_phone_at_home_gets_that_meal(session, walk_in, sitting, diner):
    walk_in(id_number=SOMEBODY)

    assert walk_in(id_number=SOMEBODY).json["state"] == "already"
    assert len(bookings(session)) == 1


def test_somebody_whom_the_register_does_not_know_is_told_apart(walk_in):
    assert refusal(walk_in(id_number=SOMEBODY_ELSE)) == (404, "diner-unknown")


def test_one_of_the_two_is_shown(walk_in):
    assert faulty_fields(walk_in())


def test_a_sitting_of_tomorrow_is_not_served(session, walk_in, canteen, diner):
    tomorrow = make_sitting(session, canteen, in_days=1)

    assert refusal(walk_in(tomorrow, id_number=SOMEBODY)) == (409, "nothing-served")
