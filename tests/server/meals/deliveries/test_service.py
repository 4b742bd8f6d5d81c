"""Meals to the door: shared out, sealed, handed over or brought back; delivered is collected."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from server import clock
from server.meals.counter.undoing import undo_collection
from server.meals.days.closing import close_day
from server.meals.deliveries import queries, rules
from server.meals.deliveries.errors import (
    DeliveryCodeWrong,
    DropSettled,
    NothingToCarry,
    RoundNotSealed,
)
from server.meals.deliveries.service import AtTheDoor, make_rounds, say_at_the_door, seal_round
from server.meals.models import BookedBy, Handing
from server.meals.service import book_meal
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident

PACE = rules.Pace(minutes=60, at_door=3, metres_a_minute=150)


def test_a_city_without_a_figure_carries_as_usual(session):
    assert queries.get_pace(session, on=date(1999, 12, 31)) == rules.USUAL


@pytest.fixture
def sitting(session):
    return make_sitting(session, in_days=0, cutoff_at=clock.now() + timedelta(hours=1))


@pytest.fixture
def bookings(session, sitting):
    """Three meals to be brought, at doors 3, 1 and 2 of a street, and one that is fetched."""
    return [
        book_meal(
            session,
            sitting_id=sitting.id,
            resident_id=make_resident(session, address=f"建设路 {number} 号").id,
            booked_by=BookedBy.STAFF,
            handing=handing,
        )
        for number, handing in (
            (3, "delivery"),
            (1, "delivery"),
            (2, "delivery"),
            (4, "at_canteen"),
        )
        for handing in (Handing(handing),)
    ]


@pytest.fixture
def share_out(session, sitting, bookings):
    def do(*carriers):
        return make_rounds(
            session,
            canteen_id=sitting.canteen_id,
            sitting_id=sitting.id,
            carriers=list(carriers),
        )

    return do


@pytest.fixture
def drop(session, sitting, share_out):
    """The first stop of a round that is on its way."""
    share_out("老赵")
    [one] = queries.list_rounds(session, sitting.canteen_id, day=clock.today())
    seal_round(session, one.id, at=clock.now())
    return queries.list_drops(session, [one.id])[0]


def said(**given):
    return AtTheDoor(uuid4().hex, clock.now(), **given)


def status_of(session, drop):
    query = text("SELECT status FROM booking WHERE id = :id")
    return session.execute(query, {"id": drop.booking_id}).scalar_one()


@given(st.lists(st.integers(), max_size=40), st.integers(1, 9))
def test_sharing_out_keeps_every_stop_and_its_order(stops, carriers):
    runs = rules.shared_out(stops, carriers)

    assert [stop for run in runs for stop in run] == stops
    assert not runs or max(map(len, runs)) - min(map(len, runs)) <= 1


def test_neighbours_go_together_door_by_door(session, sitting, share_out):
    assert share_out("老赵", "小满") == 2

    rounds = queries.list_rounds(session, sitting.canteen_id, day=clock.today())
    drops = queries.list_drops(session, [one.id for one in rounds])
    assert [one.carrier for one in rounds] == ["老赵", "小满"]
    assert [drop.address[-3] for drop in drops] == ["1", "2", "3"]


def test_nothing_is_shared_out_twice(share_out):
    share_out("老赵")

    with pytest.raises(NothingToCarry):
        share_out("小满")


def test_a_meal_handed_over_by_name_is_collected(session, drop):
    receipt = say_at_the_door(session, drop.id, said(received_by="儿媳"))

    assert receipt.refusal is None
    assert status_of(session, drop) == "collected"
    assert session.execute(text("SELECT how FROM meal_collection")).scalar_one() == "delivery"


def test_a_meal_is_handed_over_for_its_own_code_alone(session, drop, bookings):
    code = next(one.code for one in bookings if one.id == drop.booking_id)
    other = "000000" if code != "000000" else "111111"

    with pytest.raises(DeliveryCodeWrong):
        say_at_the_door(session, drop.id, said(code=other))
    assert say_at_the_door(session, drop.id, said(code=code)).refusal is None


def test_nobody_at_home_leaves_the_meal_uncollected_and_may_still_change(session, drop):
    say_at_the_door(session, drop.id, said(reason="没有人开门"))
    assert status_of(session, drop) == "booked"

    say_at_the_door(session, drop.id, said(received_by="本人"))
    assert status_of(session, drop) == "collected"


def test_told_twice_it_stays_and_told_otherwise_it_is_too_late(session, drop):
    first = said(received_by="本人")
    say_at_the_door(session, drop.id, first)

    assert say_at_the_door(session, drop.id, first).refusal is None
    with pytest.raises(DropSettled):
        say_at_the_door(session, drop.id, said(reason="没有人开门"))


def test_what_was_handed_over_by_mistake_waits_at_its_door_again(session, drop):
    first = said(received_by="本人")
    say_at_the_door(session, drop.id, first)
    undo_collection(session, first.key, at=clock.now(), reason="敲错了门")
    assert status_of(session, drop) == "booked"

    assert say_at_the_door(session, drop.id, said(reason="没有人开门")).refusal is None
    say_at_the_door(session, drop.id, said(received_by="本人"))
    assert status_of(session, drop) == "collected"


def test_taken_back_after_the_canteen_closed_it_is_called_off(session, sitting, drop):
    first = said(received_by="本人")
    say_at_the_door(session, drop.id, first)
    close_day(
        session, canteen_id=sitting.canteen_id, service_on=sitting.service_on, meal=None,
        reason="停水",
    )  # fmt: skip

    undo_collection(session, first.key, at=clock.now(), reason="敲错了门")

    assert status_of(session, drop) == "cancelled"


def test_boxes_are_sealed_before_they_go_out(session, sitting, share_out):
    share_out("老赵")
    [one] = queries.list_rounds(session, sitting.canteen_id, day=clock.today())
    first = queries.list_drops(session, [one.id])[0]

    with pytest.raises(RoundNotSealed):
        say_at_the_door(session, first.id, said(received_by="本人"))


def test_a_round_is_late_after_an_hour_with_meals_left():
    left = clock.now()

    assert not rules.is_late(left, 2, now=left + timedelta(minutes=60), pace=PACE)
    assert rules.is_late(left, 2, now=left + timedelta(minutes=61), pace=PACE)
    assert not rules.is_late(left, 0, now=left + timedelta(minutes=61), pace=PACE)
    assert not rules.is_late(None, 2, now=left, pace=PACE)
