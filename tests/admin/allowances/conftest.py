"""A home with two caregivers, reckoned; desks of the home and of the county over it."""

from datetime import date

import pytest
import time_machine

from server.caregivers.allowances.reckoning import reckon_site
from server.identity.models import Role
from tests.factories.allowances import IN_JULY, MONTHS, make_complete
from tests.factories.meals import make_site


@pytest.fixture
def in_july():
    with time_machine.travel(IN_JULY):
        yield


@pytest.fixture
def home(session, in_july):
    return make_site(session, name="康乐养老院")


@pytest.fixture
def complete(session, home):
    return make_complete(session, home, name="赵秀兰")


@pytest.fixture
def short(session, home):
    """Was not there often enough in June."""
    return make_complete(session, home, name="钱玉梅", months=[date(2026, 5, 1)])


@pytest.fixture
def everybody(session, home, complete, short):
    reckon_site(session, home.id, MONTHS)
    return complete, short


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def county(sit_down, home):
    return sit_down(Role.COUNTY_OFFICER, division_code=home.division_code[:6])
