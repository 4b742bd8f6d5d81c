"""Beneath every query: a caregiver is seen by themselves, their sites, and offices over these."""

from datetime import date

import pytest
from sqlalchemy import create_engine, text

from server.db import sessions
from server.db.acts import Act, Face, acting
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.caregivers import (
    make_attendance,
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_sign_in, make_staff

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
TABLES = {
    "caregiver": "id",
    "employment": "caregiver_id",
    "caregiver_education": "caregiver_id",
    "skill_certificate": "caregiver_id",
}


class Homes:
    """Two homes in two counties with a caregiver each; one moved from the near to the far one."""

    def __init__(self, session):
        self.session = session
        self.near = make_site(session)
        self.far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
        self.here, self.there = self._works_at(self.near), self._works_at(self.far)
        self.moved = self._works_at(self.near, ends_on=date(2025, 1, 1))
        self.moved.keeper_site_id = self.far.id
        make_employment(session, self.moved, self.far, starts_on=date(2025, 1, 1))
        account = make_account(session)
        self.here.account_id = account.id
        self.own = make_sign_in(session, account=account)

    def _works_at(self, site, **given):
        caregiver = make_caregiver(self.session, site)
        employment = make_employment(self.session, caregiver, **given)
        make_contract(self.session, employment)
        make_degree(self.session, caregiver)
        make_certificate(self.session, caregiver)
        make_attendance(self.session, employment, date(2024, 5, 1))
        return caregiver

    def token_of(self, role, **scope):
        return make_sign_in(self.session, staff=make_staff(self.session, role, **scope))


@pytest.fixture
def seen(own_city):
    """Ask who of the three is seen, table by table, by whoever the homes say."""
    with acting(PLATFORM), sessions.transaction() as session:
        homes = Homes(session)
        known = {homes.here.id: "here", homes.there.id: "there", homes.moved.id: "moved"}
        tokens = {
            "own": homes.own,
            "near": homes.token_of("facility_operator", site_id=homes.near.id),
            "far": homes.token_of("facility_operator", site_id=homes.far.id),
            "county": homes.token_of("county_officer", division_code="140502"),
            "city": homes.token_of("city_officer", division_code="1405"),
            "canteen": homes.token_of("canteen_staff", site_id=make_site(session).id),
        }

    tables = TABLES | {"attendance_month": "caregiver_id"}

    def ask(who):
        act = Act(Face.CONSOLE, "tests", "test", token=tokens[who])
        with acting(act), sessions.transaction(writes=False) as session:
            return {
                table: {
                    known[number]
                    for number in session.execute(text(f"SELECT {column} FROM {table}")).scalars()
                }
                for table, column in tables.items()
            }

    return ask


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("own", {"here"}),
        ("near", {"here", "moved"}),
        ("far", {"there", "moved"}),
        ("county", {"here", "moved"}),
        ("city", {"here", "there", "moved"}),
        ("canteen", set()),
    ],
)
def test_everyone_sees_those_of_their_own_sites(seen, who, people):
    found = seen(who)

    assert {table: found[table] for table in TABLES} == dict.fromkeys(TABLES, people)


def test_where_somebody_works_now_is_not_told_when_they_were_at_work_before(seen):
    assert seen("near")["attendance_month"] == {"here", "moved"}
    assert seen("far")["attendance_month"] == {"there"}


def test_without_a_sign_in_nobody_is_there(own_city, seen):
    engine = create_engine(own_city.app_url)
    with engine.connect() as plain:
        plain.execute(text("SET search_path TO city_1405"))
        found = [plain.execute(text(f"SELECT count(*) FROM {each}")).scalar() for each in TABLES]
    engine.dispose()

    assert found == [0] * len(TABLES)
