"""A home whose money is looked at, and who may look."""

import pytest

from server.identity.models import Role
from tests.factories.meals import make_site

READERS = {Role.FACILITY_OPERATOR, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


@pytest.fixture
def home(session):
    return make_site(session, name="桑榆里养老院")


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)
