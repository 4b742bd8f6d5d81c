"""A county puts its run right by all that is known, also of what lies beyond its own reach."""

from datetime import date

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.admin.subsidy_differences.conftest import dies, elder, make_home
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.differences import reckoned_run
from tests.factories.subsidies import make_run, make_version

COUNTY = "140502"
FOUND = text("SELECT beneficiary_id, before_fen, now_fen FROM subsidy_difference ORDER BY id")
MADE = text("SELECT beneficiary_id, amount_fen FROM subsidy_line WHERE of_run_id = :run")


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.CITY_OFFICER, division_code=COUNTY)


@pytest.fixture
def home(session):
    return make_home(session, name="康乐养老院")


def look(officer, run):
    return officer.post(f"/subsidies/differences/runs/{run.id}/look").status_code


def test_an_elder_who_is_registered_in_the_next_county_is_not_gone(session, officer, home):
    """They live in a home of this county, and their file is kept by another."""
    elder(session, home, village_code=OTHER_COUNTY_VILLAGE)
    near = elder(session, home)
    run = reckoned_run(session, make_version(session), division_code=COUNTY)
    dies(session, near, date(2025, 12, 1))

    assert look(officer, run) == 303
    assert [tuple(row) for row in session.execute(FOUND)] == [(near.id, 30_000, 0)]


def test_a_month_that_the_next_county_paid_is_not_paid_again(session, officer, home):
    version = make_version(session)
    run = reckoned_run(session, version, division_code=COUNTY)
    new = elder(session, home)
    far = make_home(session, division_code=OTHER_COUNTY_VILLAGE)
    line = {"resident_id": new.id, "site_id": far.id}
    make_run(session, [line], version=version, division_code="140521")

    assert look(officer, run) == 303
    assert session.execute(FOUND).all() == []


def test_the_difference_run_is_of_all_that_was_found(session, officer, home):
    far = elder(session, home, village_code=OTHER_COUNTY_VILLAGE)
    run = reckoned_run(session, make_version(session), division_code=COUNTY)
    dies(session, far, date(2025, 12, 1))

    started = officer.post(f"/subsidies/differences/runs/{run.id}/start")
    assert started.status_code == 303
    assert [tuple(row) for row in session.execute(MADE, {"run": run.id})] == [(far.id, -30_000)]
