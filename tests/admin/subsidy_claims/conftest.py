"""A home, a programme that is claimed, and everybody a claim or a run goes through."""

import pytest

from server import clock
from server.identity.models import Role
from server.subsidies.approvals.approving import approve_next, list_approving
from server.subsidies.claims.models import SubsidyClaim
from server.subsidies.models import SubsidyRun
from tests.factories.claims import COUNTY, TOWN, in_february, make_cases, make_claimed
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run


@pytest.fixture(autouse=True)
def february():
    with in_february():
        yield clock.today()


@pytest.fixture
def home(session):
    return make_site(session, name="康乐养老院")


@pytest.fixture
def version(session):
    return make_claimed(session)


@pytest.fixture
def cases(session, home, version):
    """What the platform knows of the home's January."""
    return make_cases(session, home, version=version)


@pytest.fixture
def run(session, home, version):
    """Three elders of a run that is reckoned: one greater than the others, one refused."""
    elder = make_resident(session, name="李秀英")
    lines = [
        {"resident_id": elder.id, "site_id": home.id},
        {"site_id": home.id, "amount_fen": 60_000},
        {"site_id": home.id, "outcome": "refused", "amount_fen": 0},
    ]
    return make_run(session, lines, version=version)


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def town(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=TOWN)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER, division_code="1405")


@pytest.fixture
def approver(sit_down):
    return sit_down(Role.APPROVER, division_code="1405")


@pytest.fixture
def approve_all(session):
    """The timetable carries on every approval to its end."""

    def go_on():
        while any(approve_next(session, one) for one in list_approving(session)):
            pass
        session.commit()

    return go_on


@pytest.fixture
def stage_of(session):
    def read(run):
        return session.get_one(SubsidyRun, run.id, populate_existing=True).stage

    return read


@pytest.fixture
def claim_of(session):
    def read(claim_id):
        return session.get_one(SubsidyClaim, claim_id, populate_existing=True)

    return read
