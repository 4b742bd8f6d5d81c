"""A resident, someone who assesses and someone who reviews."""

import pytest

from server.identity.models import Role
from tests.cities import VILLAGE
from tests.factories.assessments import Office
from tests.factories.people import make_resident


@pytest.fixture
def resident(session):
    resident = make_resident(session)
    session.commit()
    return resident


@pytest.fixture
def assessor(session):
    office = Office(session, Role.COMMUNITY_WORKER, VILLAGE)
    session.commit()
    return office


@pytest.fixture
def reviewer(session):
    office = Office(session, Role.COUNTY_OFFICER, "140502")
    session.commit()
    return office
