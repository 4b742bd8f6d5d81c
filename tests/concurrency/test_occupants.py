"""Two lists of one home at once, and a list beside an admission: one bed one person, and both end.

Whoever comes second finds the bed or the person as the first has left them, and says so by row.
"""

import pytest
from sqlalchemy import select

from server import clock
from server.db.sessions import in_transaction
from server.errors import DomainError
from server.facilities.closing import change_opening
from server.facilities.errors import PeopleStillHere
from server.facilities.models import Bed
from server.facilities.stays.admitting import admit
from server.providers.models import OpeningState
from server.residents.models import Resident
from tests.concurrency.racing import look, race
from tests.concurrency.test_close_home import IN_A_CLOSED_HOME
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_resident
from tests.server.facilities.occupants.lists import a_row, take

PEOPLE = 12
TWICE = (
    "SELECT bed_id FROM bed_occupancy WHERE superseded_at IS NULL"
    " GROUP BY bed_id HAVING count(*) > 1"
    " UNION ALL SELECT resident_id FROM bed_occupancy WHERE superseded_at IS NULL"
    " GROUP BY resident_id HAVING count(*) > 1"
)


def number_of(place):
    return an_id_number(700 + place)


@pytest.fixture
def home(settle):
    """A home with a bed for each; returns beds and people by place."""

    def furnish(session):
        site = make_site(session, name="桑榆里养老院")
        make_beds(session, PEOPLE, site=site)
        for place in range(PEOPLE):
            make_resident(session, name=f"赵{place}", id_number=number_of(place))
        beds = session.execute(select(Bed.id, Bed.label).order_by(Bed.id)).all()
        people = session.execute(select(Resident.id).order_by(Resident.id)).scalars().all()
        return [tuple(bed) for bed in beds], people

    return settle(furnish)


def a_list_of(beds, *, turned=0):
    """Everybody in a bed; `turned` puts each into the bed of somebody further on."""
    return [
        a_row(beds[(place + turned) % PEOPLE][1], name=f"赵{place}", number=number_of(place))
        for place in range(PEOPLE)
    ]


@in_transaction
def bring_in(rows, *, session):
    loaded = take(session, *rows, is_whole=False)
    return (loaded.new, loaded.unchanged, len(loaded.refused))


def test_the_same_list_twice_at_once_takes_everybody_in_once(own_city, home):
    beds, _ = home
    outcomes = race([a_list_of(beds), a_list_of(beds)[::-1]] * 3, bring_in, threads=6)

    assert outcomes == {(PEOPLE, 0, 0): 1, (0, PEOPLE, 0): 5}
    assert look(own_city, TWICE) == []


def test_two_lists_that_contradict_leave_one_person_in_each_bed(own_city, home):
    beds, _ = home
    wishes = [a_list_of(beds, turned=turned) for turned in range(4)]
    outcomes = race(wishes, bring_in, threads=4)

    assert outcomes == {(PEOPLE, 0, 0): 1, (0, 0, PEOPLE): 3}
    assert look(own_city, TWICE) == []


def test_a_list_beside_admissions_into_the_same_beds(own_city, home):
    beds, people = home

    @in_transaction
    def admit_one(place, *, session):
        bed_id, _ = beds[(place + 1) % PEOPLE]
        try:
            admit(session, bed_id=bed_id, resident_id=people[place], admitted_on=clock.today())
        except DomainError as refusal:
            return refusal.code
        return "admitted"

    def do(wish):
        return admit_one(wish) if isinstance(wish, int) else bring_in(wish)

    outcomes = race([*range(0, PEOPLE, 2), a_list_of(beds)], do, threads=7)

    assert set(outcomes) <= {"admitted", "bed-taken", "has-a-bed"} | {
        one for one in outcomes if isinstance(one, tuple)
    }
    [told] = [one for one in outcomes if isinstance(one, tuple)]
    assert sum(told) == PEOPLE
    assert look(own_city, TWICE) == []
    [(count,)] = look(own_city, "SELECT count(*) FROM bed_occupancy WHERE superseded_at IS NULL")
    assert count == told[0] + outcomes.get("admitted", 0)


def test_a_list_beside_a_closing_leaves_nobody_in_a_closed_home(own_city, home):
    beds, _ = home
    [(site_id,)] = look(own_city, "SELECT DISTINCT site_id FROM bed")

    @in_transaction
    def close(*, session):
        change_opening(
            session, site_id, OpeningState.CLOSED, starts_on=clock.today(), reason="合同到期"
        )
        return "closed"

    outcomes = race([close, a_list_of(beds)], lambda wish: (
        wish() if callable(wish) else bring_in(wish)
    ))  # fmt: skip

    assert outcomes in (
        {"closed": 1, (0, 0, PEOPLE): 1},
        {PeopleStillHere.__name__: 1, (PEOPLE, 0, 0): 1},
    )
    assert look(own_city, IN_A_CLOSED_HOME) == []
