"""Two files become one while a meal is booked for the other, or while both are merged elsewhere.

Between looking and taking, every booking of these races waits for a moment, so that a merge comes
in between. The twin takes the resident's row without looking at it again, and must go wrong.
"""

import time
from datetime import date

import pytest
from sqlalchemy import BigInteger, bindparam, select, text

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.meals import placing
from server.meals import service as meals
from server.meals.models import BookedBy
from server.residents import grants
from server.residents.merging import duplicates, service
from server.residents.models import HelperScope, Relation, Resident, Sex
from tests.cities import VILLAGE
from tests.concurrency.racing import MISCOUNTED, as_owner, look, race
from tests.factories.meals import make_sitting
from tests.factories.people import make_sign_in, make_staff

PAIRS = 8
MOMENT = {"seconds": 0.2}
LEFT_BEHIND = (
    "SELECT b.id FROM booking b JOIN resident r ON r.id = b.resident_id"
    " WHERE r.merged_into_id IS NOT NULL"
)
PROPOSED = "SELECT id, merged_id FROM resident_merge ORDER BY id"


@sessions.in_transaction
def book(sitting_id, resident_id, *, session):
    meals.book_meal(
        session, sitting_id=sitting_id, resident_id=resident_id, booked_by=BookedBy.STAFF
    )
    return "booked"


def confirm(token, merge_id):
    @sessions.in_transaction
    def confirm_it(*, session):
        service.confirm_merge(session, merge_id)
        return "merged"

    with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
        return confirm_it()


@pytest.fixture
def offices(settle):
    """Tokens of somebody who proposes and of somebody who confirms."""

    def make(session):
        people = [make_staff(session, Role.COUNTY_OFFICER, division_code="140502") for _ in "ab"]
        return [make_sign_in(session, staff=one) for one in people]

    return settle(make)


def enter_alike(session, number, *, times=2):
    """The same person so many times."""
    born_on = date(1944, 5, 1 + number)
    session.add_all(
        [
            Resident(name="李秀英", sex=Sex.FEMALE, born_on=born_on, village_code=VILLAGE)
            for _ in range(times)
        ]
    )


def propose_all(token):
    with acting(Act(Face.CONSOLE, "tests", "test", token=token)), sessions.transaction() as session:
        pairs = session.execute(text("SELECT id, one_id FROM possible_duplicate ORDER BY id")).all()
        for pair in pairs:
            service.propose_merge(session, pair.id, kept_id=pair.one_id, taken=(), reason="同一人")


@pytest.fixture
def proposed(own_city, settle, offices):
    """Merges that wait, as (merge, who is merged)."""

    def make(session):
        for number in range(PAIRS):
            enter_alike(session, number)
        session.flush()
        duplicates.find_duplicates(session)

    settle(make)
    propose_all(offices[0])
    return look(own_city, PROPOSED)


@pytest.fixture
def sitting_id(settle):
    return settle(lambda session: make_sitting(session, capacity=PAIRS).id)


@pytest.fixture(autouse=True)
def a_moment_between_looking_and_taking(monkeypatch):
    look_first = meals._check_still_bookable

    def look_and_wait(session, facts, booked_by, *, now):
        look_first(session, facts, booked_by, now=now)
        time.sleep(MOMENT["seconds"])

    monkeypatch.setattr(meals, "_check_still_bookable", look_and_wait)


def at_once(proposed, offices, sitting_id):
    """Everybody is booked for and merged at the same time, each once."""
    wishes = [
        wish
        for merge_id, merged_id in proposed
        for wish in ((book, (sitting_id, merged_id)), (confirm, (offices[1], merge_id)))
    ]
    return race(wishes, lambda wish: wish[0](*wish[1]), threads=16)


def test_no_booking_is_left_with_who_was_merged(own_city, platform, proposed, offices, sitting_id):
    outcomes = at_once(proposed, offices, sitting_id)

    assert outcomes["merged"] == PAIRS, outcomes
    assert outcomes["booked"] + outcomes["NotFound"] == PAIRS, outcomes
    assert look(own_city, LEFT_BEHIND) == []
    assert look(own_city, MISCOUNTED) == []


def test_without_the_guard_a_meal_is_left_with_nobody(
    own_city, platform, proposed, offices, sitting_id, monkeypatch
):
    def whoever():
        return select(Resident.id).where(Resident.id == bindparam("resident", type_=BigInteger))

    monkeypatch.setitem(MOMENT, "seconds", 2)
    monkeypatch.setattr(placing, "_still_here", whoever)
    monkeypatch.setattr(meals, "TAKE_A_PLACE", placing._take_a_place())

    at_once(proposed, offices, sitting_id)

    assert look(own_city, LEFT_BEHIND) != []


LASTING = (
    "SELECT g.id FROM resident_grant g JOIN resident r ON r.id = g.resident_id"
    " WHERE r.merged_into_id IS NOT NULL AND g.ends_on IS NULL"
)


@sessions.in_transaction
def help_out(resident_id, *, session):
    grants.bind_helper(
        session, resident_id, phone=f"1990001{resident_id:04d}", holder_name="李小雨",
        relation=Relation.CHILD, scopes=[HelperScope.BOOK_MEALS],
    )  # fmt: skip
    time.sleep(MOMENT["seconds"])
    return "helped"


def help_at_once(proposed, offices):
    wishes = [
        wish
        for merge_id, merged_id in proposed
        for wish in ((help_out, (merged_id,)), (confirm, (offices[1], merge_id)))
    ]
    return race(wishes, lambda wish: wish[0](*wish[1]), threads=16)


def test_no_helper_is_left_with_who_was_merged(own_city, platform, proposed, offices):
    outcomes = help_at_once(proposed, offices)

    assert outcomes["merged"] == PAIRS, outcomes
    assert look(own_city, LASTING) == []


def test_without_its_guard_a_helper_helps_nobody(own_city, platform, proposed, offices):
    as_owner(own_city, "DROP TRIGGER not_of_a_merged ON resident_grant")
    first_merged = [(help_out, (merged_id,)) for _, merged_id in proposed]
    for merge_id, _ in proposed:
        confirm(offices[1], merge_id)

    race(first_merged, lambda wish: wish[0](*wish[1]), threads=8)

    assert look(own_city, LASTING) != []


def test_one_merge_confirmed_many_times_at_once_is_done_once(
    own_city, platform, proposed, offices, sitting_id
):
    merge_id, _ = proposed[0]

    outcomes = race([merge_id] * 8, lambda one: confirm(offices[1], one), threads=8)

    assert outcomes == {"merged": 1, "MergeIsDecided": 7}


def test_of_three_alike_merged_at_once_nobody_is_merged_into_nobody(
    own_city, platform, settle, offices
):
    """A into B, B into C and A into C: every chain ends with somebody who is kept."""

    def make(session):
        for number in range(PAIRS):
            enter_alike(session, number, times=3)
        session.flush()
        duplicates.find_duplicates(session)

    settle(make)
    propose_all(offices[0])
    waiting = [merge_id for merge_id, _ in look(own_city, PROPOSED)]

    outcomes = race(waiting, lambda one: confirm(offices[1], one), threads=16)

    assert set(outcomes) == {"merged", "PairIsDecided"}
    lost = look(own_city, "SELECT id FROM resident WHERE kept_of(id) IS NULL")
    assert lost == []
