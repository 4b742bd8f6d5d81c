"""A contractor, the offices around it, and somebody whose home is not safe."""

import pytest

from server.homecare.renovations.models import Renovation
from tests.factories.home_beds import Offices
from tests.factories.homecare import make_provider
from tests.factories.people import make_resident
from tests.factories.renovations import Renewal


@pytest.fixture
def site(session):
    return make_provider(session, name="安康居家养老服务中心")


@pytest.fixture
def offices(session, site):
    made = Offices(session, site)
    session.commit()
    return made


@pytest.fixture
def resident(session):
    return make_resident(session, name="王秀英")


@pytest.fixture
def renewal(session, offices, resident):
    return Renewal(session, offices, resident)


@pytest.fixture
def now(session):
    """Reads a renovation as it stands: `now(number)`."""

    def read(number):
        session.expire_all()
        return session.get(Renovation, number)

    return read
