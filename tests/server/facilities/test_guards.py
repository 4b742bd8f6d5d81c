"""Beneath every query: who may know who sleeps where, and who may write it."""

from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.stays.admitting import admit
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
TODAY = clock.today()
ROLES = {"operator": "facility_operator"}


class Town:
    """One elder in a home of 城区, another in one of 沁水; offices of every kind."""

    def __init__(self, session):
        self.near, self.near_bed = self._move_in(session)
        self.far, self.far_bed = self._move_in(session, division_code=OTHER_COUNTY_VILLAGE)
        tokens = {
            "operator": {"site_id": self.near_bed.site_id},
            "county_officer": {"division_code": "140502"},
            "city_officer": {"division_code": "1405"},
            "administrator": {"division_code": "1405"},
        }
        self.tokens = {
            name: make_sign_in(session, staff=make_staff(session, ROLES.get(name, name), **scope))
            for name, scope in tokens.items()
        }
        self.tokens["resident"] = make_sign_in(session, account=make_account(session, self.near))

    def _move_in(self, session, **where):
        resident = make_resident(session)
        bed = make_bed(session, site=make_site(session, **where))
        admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=TODAY)
        return resident, bed


@pytest.fixture
def town(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Town(session)


@contextmanager
def plainly(token, *, writes=False):
    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=token)),
        sessions.transaction(writes=writes) as session,
    ):
        yield session


SEEN = {
    "operator": {"near"},
    "county_officer": {"near"},
    "city_officer": {"near", "far"},
    "administrator": set(),
    "resident": {"near"},
    "made-up": set(),
}


def test_who_sleeps_where_is_known_to_those_it_concerns(town):
    for who, names in SEEN.items():
        with plainly(town.tokens.get(who, who)) as session:
            for table in ("stay", "bed_occupancy"):
                found = session.execute(text(f"SELECT resident_id FROM {table}")).scalars()
                assert set(found) == {getattr(town, name).id for name in names}, (who, table)


def test_a_home_knows_the_name_of_whoever_lives_there(town):
    with plainly(town.tokens["operator"]) as session:
        assert session.execute(text("SELECT id FROM resident")).scalars().all() == [town.near.id]


ABOUT_ANOTHER = (
    "INSERT INTO stay (resident_id, site_id, kind, status, planned_on, hold_until, note)"
    " VALUES (:resident, :site, 'institution', 'held', '2026-01-01', '2026-01-04', '')",
    "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, starts_on, reason, recorded_at)"
    " VALUES (:bed, :site, 'institution', 'closed', '2020-01-01', '', now())",
)


def test_a_home_writes_nothing_about_another(town):
    values = {"resident": town.near.id, "site": town.far_bed.site_id, "bed": town.far_bed.id}
    for statement in ABOUT_ANOTHER:
        with (
            pytest.raises(DBAPIError, match="row-level security"),
            plainly(town.tokens["operator"], writes=True) as session,
        ):
            session.execute(text(statement), values)


REWRITING = (
    "UPDATE bed_occupancy SET starts_on = starts_on - 9",
    "UPDATE bed_occupancy SET resident_id = NULL",
    "DELETE FROM bed_occupancy",
    "DELETE FROM stay",
    "UPDATE stay SET resident_id = resident_id",
    "DELETE FROM bed",
)


def test_nobody_rewrites_what_was_recorded(town):
    for statement in REWRITING:
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            plainly(town.tokens["city_officer"], writes=True) as session,
        ):
            session.execute(text(statement))
