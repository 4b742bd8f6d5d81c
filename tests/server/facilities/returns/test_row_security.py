"""Beneath the queries' own filters a return is seen and written by whoever keeps its facility."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.returns.batches import give_sites
from server.identity.models import Role
from server.identity.scopes import BED_RETURNS
from server.identity.service import api_keys
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.people import make_sign_in, make_staff
from tests.factories.returns import make_return

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
COPIED = """
    INSERT INTO bed_return (site_id, kind, day, licensed, usable, occupied, on_leave, is_unchanged,
                            source, filed_at)
    VALUES (:site, 'medical', DATE '2026-01-01', 9, 9, 9, 0, false, 'api', now())
"""


@pytest.fixture
def returns(own_city):
    """One home in each of two counties, a return of each, and everybody who may look."""
    with acting(PLATFORM), sessions.transaction() as session:
        near, far = make_site(session), make_site(session, division_code=OTHER_COUNTY_VILLAGE)
        for site in (near, far):
            make_return(session, site)

        def token(role, **where):
            return make_sign_in(session, staff=make_staff(session, role, **where))

        issued = api_keys.issue_key(
            session, owner="甲院软件", purpose="床位日报", scopes=[BED_RETURNS], fields=["outcome"],
            rate_per_minute=60, days=30,
        )  # fmt: skip
        give_sites(session, issued.key.id, [near.id])
        tokens = {
            "operator": token(Role.FACILITY_OPERATOR, site_id=near.id),
            "county": token(Role.COUNTY_OFFICER, division_code="140502"),
            "city": token(Role.CITY_OFFICER, division_code="1405"),
            "elsewhere": token(Role.CANTEEN_STAFF, site_id=make_site(session).id),
            "key": issued.token,
        }
        return SimpleNamespace(near=near.id, far=far.id, tokens=tokens)


def as_one(returns, who):
    face = Face.OPEN_API if who == "key" else Face.CONSOLE
    return acting(Act(face, "tests", "test", token=returns.tokens[who]))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("operator", {"near"}),
        ("county", {"near"}),
        ("city", {"near", "far"}),
        ("elsewhere", set()),
        ("key", {"near"}),
    ],
)
def test_sql_that_filters_nothing_finds_ones_own(returns, who, seen):
    with as_one(returns, who), sessions.transaction(writes=False) as session:
        found = set(session.execute(text("SELECT site_id FROM bed_return")).scalars())

    assert found == {getattr(returns, name) for name in seen}


@pytest.mark.parametrize("who", ["operator", "county", "key"])
def test_nobody_files_for_a_home_beyond_their_reach(returns, who):
    with (
        as_one(returns, who),
        pytest.raises(DBAPIError, match="row-level security"),
        sessions.transaction() as session,
    ):
        session.execute(text(COPIED), {"site": returns.far})


@pytest.mark.parametrize("who", ["operator", "county", "city", "key"])
def test_whoever_keeps_a_home_files_for_it(returns, who):
    with as_one(returns, who), sessions.transaction() as session:
        assert session.execute(text(COPIED), {"site": returns.near}).rowcount == 1
