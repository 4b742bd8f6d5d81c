"""Two hundred ask for one bed, and one for many beds: one gets it.

Each race has a twin that runs with the database's guard taken away, and must then go wrong.
"""

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.facilities.errors import BedTaken, HasABed, HasAHold
from server.facilities.models import EndReason
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import go_to_hospital, move_to_bed
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from tests.concurrency.racing import as_owner, look, race
from tests.factories.facilities import make_beds

TODAY = clock.today()
EVERYBODY = 200
IN_ONE_BED = """
    SELECT a.bed_id FROM bed_occupancy a JOIN bed_occupancy b ON a.bed_id = b.bed_id AND a.id < b.id
     WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL
       AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
"""
IN_TWO_BEDS = """
    SELECT a.resident_id FROM bed_occupancy a
      JOIN bed_occupancy b ON a.resident_id = b.resident_id AND a.id < b.id
     WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL
       AND a.state IN ('occupied', 'on_leave') AND b.state IN ('occupied', 'on_leave')
       AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
"""
HALF_DONE = """
    SELECT s.id FROM stay s WHERE s.status IN ('held', 'staying') AND NOT EXISTS (
        SELECT 1 FROM bed_occupancy o WHERE o.stay_id = s.id AND o.superseded_at IS NULL)
"""


@sessions.in_transaction
def move_in(wish, *, session):
    bed_id, resident_id = wish
    admit(session, bed_id=bed_id, resident_id=resident_id, admitted_on=TODAY)
    return "admitted"


@sessions.in_transaction
def hold(wish, *, session):
    bed_id, resident_id = wish
    hold_bed(session, bed_id=bed_id, resident_id=resident_id, planned_on=TODAY)
    return "held"


@pytest.fixture
def beds(settle):
    def beds(number):
        return settle(lambda session: [bed.id for bed in make_beds(session, number)])

    return beds


class TestOneBed:
    @pytest.fixture
    def wishes(self, people, beds):
        [bed] = beds(1)
        return [(bed, resident) for resident in people(EVERYBODY)[1]]

    def test_two_hundred_wish_to_move_in_and_one_does(self, own_city, platform, wishes):
        outcomes = race(wishes, move_in)

        assert outcomes == {"admitted": 1, BedTaken.__name__: EVERYBODY - 1}
        assert look(own_city, "SELECT count(*) FROM bed_occupancy") == [(1,)]
        assert look(own_city, "SELECT count(*) FROM stay") == [(1,)]
        assert look(own_city, "SELECT count(*) FROM care_link") == [(1,)]

    def test_two_hundred_wish_it_held_and_one_gets_it(self, own_city, platform, wishes):
        outcomes = race(wishes, hold)

        assert outcomes == {"held": 1, BedTaken.__name__: EVERYBODY - 1}
        assert look(own_city, HALF_DONE) == []

    def test_without_the_guard_several_are_in_it(self, own_city, platform, wishes):
        as_owner(
            own_city, "ALTER TABLE bed_occupancy DROP CONSTRAINT ex_bed_occupancy_one_in_a_bed"
        )

        outcomes = race(wishes[:20], move_in)

        assert outcomes["admitted"] > 1
        assert look(own_city, IN_ONE_BED) != []


class TestOnePerson:
    @pytest.fixture
    def wishes(self, people, beds):
        [resident] = people(1)[1]
        return [(beds(1)[0], resident) for _ in range(20)]

    def test_moves_into_one_of_twenty_houses(self, own_city, platform, wishes):
        outcomes = race(wishes, move_in)

        assert outcomes == {"admitted": 1, HasABed.__name__: len(wishes) - 1}
        assert look(own_city, HALF_DONE) == []

    def test_has_one_of_twenty_held(self, own_city, platform, wishes):
        outcomes = race(wishes, hold)

        assert outcomes == {"held": 1, HasAHold.__name__: len(wishes) - 1}

    def test_without_the_guards_is_in_several(self, own_city, platform, wishes):
        """Two guard beds to live in: one bed at a time, and none beside a bed that is kept."""
        as_owner(
            own_city,
            "ALTER TABLE bed_occupancy DROP CONSTRAINT ex_bed_occupancy_one_bed_each,"
            " DROP CONSTRAINT ex_bed_occupancy_one_bed_kept",
        )

        outcomes = race(wishes, move_in)

        assert outcomes["admitted"] > 1
        assert look(own_city, IN_TWO_BEDS) != []


@sessions.in_transaction
def keep_the_bed(*, session):
    stay = session.execute(text("SELECT id FROM stay")).scalar_one()
    go_to_hospital(session, stay, since=TODAY, keeps_bed=True)


class TestOnePersonWhoseBedIsKept:
    @pytest.fixture
    def wishes(self, people, beds, platform):
        [resident] = people(1)[1]
        move_in((beds(1)[0], resident))
        keep_the_bed()
        return [(beds(1)[0], resident) for _ in range(10)]

    def test_moves_into_no_other_house(self, own_city, wishes):
        assert race(wishes, move_in) == {HasABed.__name__: len(wishes)}

    def test_without_the_guard_has_two(self, own_city, wishes):
        as_owner(
            own_city,
            "ALTER TABLE bed_occupancy DROP CONSTRAINT ex_bed_occupancy_one_bed_kept",
        )

        outcomes = race(wishes, move_in)

        assert outcomes == {"admitted": 1, HasABed.__name__: len(wishes) - 1}
        kept_and_taken = "SELECT count(*) FROM bed_occupancy WHERE superseded_at IS NULL"
        assert look(own_city, kept_and_taken) == [(2,)]


@sessions.in_transaction
def act(deed, *, session):
    return deed(session) and "done"


def test_moves_leaves_ends_and_a_death_at_once_do_not_strangle_each_other(
    own_city, platform, people, beds
):
    """Whatever order they come in, nobody is in two beds and no bed has two."""
    residents, house = people(4)[1], beds(12)
    for resident, bed in zip(residents, house, strict=False):
        move_in((bed, resident))
    stays = [row[0] for row in look(own_city, "SELECT id FROM stay ORDER BY id")]

    def deeds_of(number):
        stay, resident = stays[number], residents[number]
        others = house[4:]
        return [
            *(
                lambda session, bed=bed: move_to_bed(session, stay, bed_id=bed, on=TODAY)
                for bed in others
            ),
            lambda session: go_to_hospital(session, stay, since=TODAY, keeps_bed=True),
            lambda session: discharge(session, stay, ended_on=TODAY, reason=EndReason.WENT_HOME),
            lambda session: report_departure(
                session, resident_id=resident, kind=DepartureKind.DIED, happened_on=TODAY
            ),
        ]

    deeds = [deed for four in zip(*map(deeds_of, range(4)), strict=True) for deed in four]
    outcomes = race(deeds, act)

    assert set(outcomes) <= {"done", "BedTaken", "StayNotSo", "BedNotReady", "ResidentGone"}
    assert look(own_city, IN_ONE_BED) == []
    assert look(own_city, IN_TWO_BEDS) == []
    assert look(own_city, HALF_DONE) == []


@pytest.mark.parametrize(
    "insert",
    [
        pytest.param(
            "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id,"
            " starts_on, reason, recorded_at) SELECT bed_id, site_id, kind, state, stay_id,"
            " resident_id, starts_on + 400, reason, recorded_at FROM bed_occupancy LIMIT 1",
            id="the same person, later",
        ),
        pytest.param(
            "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, starts_on, reason,"
            " recorded_at) SELECT bed_id, site_id, kind, 'occupied', starts_on - 99, reason,"
            " recorded_at FROM bed_occupancy LIMIT 1",
            id="somebody unknown",
        ),
        pytest.param(
            "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, starts_on, reason,"
            " recorded_at) SELECT bed_id, site_id, kind, 'closed', starts_on + 3, reason,"
            " recorded_at FROM bed_occupancy LIMIT 1",
            id="closed under somebody",
        ),
        pytest.param(
            "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id,"
            " starts_on, reason, recorded_at) SELECT (SELECT max(id) FROM bed), o.site_id, o.kind,"
            " 'occupied', stay_id, resident_id, starts_on, reason, recorded_at"
            " FROM bed_occupancy o LIMIT 1",
            id="a second bed of the house",
        ),
        pytest.param("UPDATE bed_occupancy SET ends_on = starts_on", id="an end without a night"),
    ],
)
def test_plain_inserts_put_nobody_on_top_of_anybody(own_city, people, beds, platform, insert):
    [resident] = people(1)[1]
    move_in((beds(2)[0], resident))

    with pytest.raises(Exception, match=r"violates (exclusion|check|foreign key) constraint"):
        as_owner(own_city, insert)


def test_an_act_stands_behind_every_line(own_city, people, beds, platform):
    [resident] = people(1)[1]
    move_in((beds(1)[0], resident))

    lines = look(
        own_city,
        "SELECT table_name, count(*) FROM trail_entry WHERE table_name IN"
        " ('room', 'bed', 'stay', 'bed_occupancy') GROUP BY 1 ORDER BY 1",
    )
    assert lines == [("bed", 1), ("bed_occupancy", 1), ("room", 1), ("stay", 1)]


def test_a_board_counts_up_with_each_change(own_city, people, beds, platform):
    [resident] = people(1)[1]
    [bed] = beds(1)
    before = look(own_city, "SELECT version FROM board_version")

    move_in((bed, resident))

    assert look(own_city, "SELECT version FROM board_version") > before


def test_lines_of_the_board_are_kept_by_the_database_alone(own_city, platform):
    with pytest.raises(Exception, match="permission denied"), sessions.transaction() as session:
        session.execute(text("UPDATE board_version SET version = 0"))
