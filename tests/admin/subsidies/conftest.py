"""A run over two homes of two counties, reckoned; desks of the city and of a county."""

import pytest

from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.reckoning import FULL, make_cases, reckon_all


@pytest.fixture
def homes(session):
    return (
        make_site(session, name="康乐养老院"),
        make_site(session, name="沁河养老院", division_code=OTHER_COUNTY_VILLAGE),
    )


@pytest.fixture
def cases(session, homes):
    near, far = homes
    elder = make_resident(session, name="赵秀兰").id
    return [
        {"site_id": near.id, "resident_id": elder, "beneficiary_id": elder},
        {"site_id": near.id, "beneficiary_id": 900_002, "facts": FULL | {"stars": 0}},
        {"site_id": far.id, "beneficiary_id": 900_003,
         "facts": FULL | {"ability_level": "moderate"}},
    ]  # fmt: skip


@pytest.fixture
def begun(session, cases):
    """Its cases are frozen, and nothing is reckoned."""
    return make_cases(session, cases)


@pytest.fixture
def run(session, begun):
    return reckon_all(session, begun)


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER, division_code="1405")


@pytest.fixture
def county(sit_down, homes):
    return sit_down(Role.COUNTY_OFFICER, division_code=homes[0].division_code[:6])
