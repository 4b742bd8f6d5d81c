"""A provider with two care workers and an elder at home."""

import pytest

from tests.factories.homecare import make_home_bed, make_provider, make_worker
from tests.factories.people import make_resident


@pytest.fixture
def site(session):
    return make_provider(session)


@pytest.fixture
def bed(session, site):
    return make_home_bed(session, make_resident(session, name="李秀英"), site)


@pytest.fixture
def worker(session, bed):
    return make_worker(session, bed)


@pytest.fixture
def colleague(session, bed):
    return make_worker(session, bed)
