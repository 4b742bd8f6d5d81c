"""候补: who waits first is offered what comes free, for a while, and nobody else gets it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.meals.errors import AlreadyBooked, PastCutOff, SittingClosed, SittingFull
from server.meals.models import BookedBy, Diet
from server.meals.offering import is_any_due, offer_places, pass_on
from server.meals.service import book_meal, cancel_booking
from server.meals.waiting.errors import AlreadyWaiting, OfferOver, PlacesLeft
from server.meals.waiting.joining import accept, join, leave
from server.meals.waiting.queries import get_shown, list_open
from tests.factories.meals import make_sitting
from tests.factories.people import make_account, make_resident


@pytest.fixture
def sitting(session):
    return make_sitting(session, capacity=1, in_days=2, dishes=())


@pytest.fixture
def booking(session, sitting):
    return book(session, sitting, make_resident(session))


def book(session, sitting, resident):
    return book_meal(
        session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.SELF
    )


def wait(session, sitting, resident=None, **given):
    resident = resident or make_resident(session)
    return join(
        session, sitting_id=sitting.id, resident_id=resident.id, joined_by=BookedBy.SELF, **given
    )


def counts(session, sitting):
    session.refresh(sitting)
    return sitting.booked, sitting.held


def states(session, *waiting):
    for one in waiting:
        session.refresh(one)
    return [one.state.value for one in waiting]


@pytest.fixture
def line(session, sitting, booking):
    return [wait(session, sitting) for _ in range(3)]


def test_a_place_that_comes_free_is_held_for_who_waits_first(session, sitting, booking, line):
    cancel_booking(session, booking.id)

    assert states(session, *line) == ["offered", "waiting", "waiting"]
    assert counts(session, sitting) == (0, 1)
    with pytest.raises(SittingFull):
        book(session, sitting, make_resident(session))


def test_the_offer_taken_is_a_booking_as_it_was_wished(session, sitting, booking):
    resident = make_resident(session)
    first = wait(session, sitting, resident, diet=Diet.SOFT)
    cancel_booking(session, booking.id)

    taken = accept(session, first.id)

    assert (taken.resident_id, taken.diet, taken.booked_by) == (resident.id, "soft", "self")
    assert counts(session, sitting) == (1, 0)
    assert states(session, first) == ["taken"]
    assert first.booking_id == taken.id


def test_an_offer_passed_on_goes_to_the_next(session, sitting, booking, line):
    cancel_booking(session, booking.id)

    leave(session, line[0].id)
    leave(session, line[0].id)

    assert states(session, *line) == ["declined", "offered", "waiting"]
    assert counts(session, sitting) == (0, 1)


def test_whoever_leaves_the_line_is_not_asked(session, booking, line):
    leave(session, line[0].id)
    cancel_booking(session, booking.id)

    assert states(session, *line) == ["left", "offered", "waiting"]


def test_an_offer_nobody_took_goes_to_the_next(session, booking, line):
    cancel_booking(session, booking.id)
    assert not is_any_due(session)

    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        with pytest.raises(OfferOver):
            accept(session, line[0].id)
        assert is_any_due(session)
        pass_on(session)
        pass_on(session)

        assert states(session, *line) == ["lapsed", "offered", "waiting"]
        accept(session, line[1].id)


def test_an_offer_lasts_no_longer_than_the_cut_off(session, booking, sitting, line):
    with time_machine.travel(sitting.cutoff_at - timedelta(minutes=5), tick=False):
        cancel_booking(session, booking.id)

    session.refresh(line[0])
    assert line[0].expires_at == sitting.cutoff_at


def test_after_the_cut_off_the_line_is_over(session, sitting, line):
    with time_machine.travel(sitting.cutoff_at, tick=False):
        assert is_any_due(session)
        pass_on(session)

    assert states(session, *line) == ["unserved"] * 3


def test_more_places_are_offered_by_the_minute(session, sitting, line):
    sitting.capacity = 3
    session.flush()

    pass_on(session)

    assert states(session, *line) == ["offered", "offered", "waiting"]
    assert counts(session, sitting) == (1, 2)


def test_whoever_eats_elsewhere_by_now_is_passed_over(session, sitting, booking, line):
    elsewhere = make_sitting(session, in_days=2, dishes=())
    resident = line[0].resident_id
    book_meal(session, sitting_id=elsewhere.id, resident_id=resident, booked_by=BookedBy.SELF)

    cancel_booking(session, booking.id)

    assert states(session, *line) == ["waiting", "offered", "waiting"]


def test_the_offer_is_told_once_to_the_phones_that_may_book(session, sitting, booking):
    account, resident = make_account(session), make_resident(session)
    session.execute(
        text(
            "INSERT INTO resident_grant (account_id, resident_id, kind, scopes, holder_name,"
            " starts_on) VALUES (:account, :resident, 'self', '{}', '', :day)"
        ),
        {"account": account.id, "resident": resident.id, "day": clock.today()},
    )
    wait(session, sitting, resident)

    cancel_booking(session, booking.id)
    offer_places(session, [sitting.id])

    told = session.execute(text("SELECT kind FROM message")).scalars().all()
    assert told == ["meals.place_offered"]


def test_the_line_says_how_many_stand_before(session, line):
    assert [get_shown(session, one.id).turn for one in line] == [1, 2, 3]
    assert [row.id for row in list_open(session, [line[1].resident_id])] == [line[1].id]


def test_who_may_not_wait_is_told_why(session, sitting, booking):
    resident = make_resident(session)
    wait(session, sitting, resident)

    with pytest.raises(AlreadyWaiting):
        wait(session, sitting, resident)
    with pytest.raises(AlreadyBooked):
        join(session, sitting_id=sitting.id, resident_id=booking.resident_id,
             joined_by=BookedBy.SELF)  # fmt: skip
    with pytest.raises(PlacesLeft):
        wait(session, make_sitting(session, dishes=()))
    with time_machine.travel(sitting.cutoff_at, tick=False), pytest.raises(PastCutOff):
        wait(session, sitting)
    sitting.closed_at = clock.now()
    session.flush()
    with pytest.raises(SittingClosed):
        wait(session, sitting)
