"""A provider, the offices around it, and somebody who asks for a bed at home."""

import pytest

from server.homecare.models import HomeBed
from tests.factories.home_beds import Offices, Way
from tests.factories.homecare import make_provider
from tests.factories.people import make_resident


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
def way(session, offices, resident):
    return Way(session, offices, resident)


@pytest.fixture
def bed_now(session):
    """Reads a bed as it stands: `bed_now(bed_id)`."""

    def read(bed_id):
        session.expire_all()
        return session.get(HomeBed, bed_id)

    return read
