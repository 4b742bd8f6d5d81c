"""A resident at the county, and desks of those who assess and review."""

import pytest

from server.identity.models import Role
from tests.admin.conftest import Desk
from tests.factories.assessments import Office
from tests.factories.people import make_resident


@pytest.fixture
def resident(session):
    resident = make_resident(session, name="李秀英")
    session.commit()
    return resident


@pytest.fixture
def take_office(app, session):
    """Give someone an office and a desk: `office, desk = take_office(Role.…, "1405")`."""

    def take(role, division_code):
        office = Office(session, role, division_code)
        session.commit()
        return office, Desk(app, session, office.token)

    return take


def open_file(desk, resident):
    desk.post(f"/residents/{resident.id}/openings", {"reason": "上门评估"})


@pytest.fixture
def assessor(take_office, resident):
    """Someone of the village, with the resident's file open before them."""
    office, desk = take_office(Role.COMMUNITY_WORKER, resident.village_code)
    open_file(desk, resident)
    return office, desk


@pytest.fixture
def reviewer(take_office, resident):
    office, desk = take_office(Role.COUNTY_OFFICER, "140502")
    open_file(desk, resident)
    return office, desk
