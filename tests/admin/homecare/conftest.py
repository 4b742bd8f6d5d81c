"""A provider with its manager at a desk, a care worker, an elder at home and a visit."""

from datetime import timedelta

import pytest

from server import clock
from server.identity.models import Role
from server.residents.models import CareLink
from tests.factories.homecare import make_home_bed, make_provider, make_visit
from tests.factories.people import LONG_AGO, make_resident

TOMORROW = clock.today() + timedelta(days=1)


@pytest.fixture
def site(session):
    return make_provider(session, name="安康居家")


@pytest.fixture
def settle_in(session, site):
    """Gives somebody a bed at home of the provider: `settle_in("李秀英")`."""

    def settle_in(name):
        resident = make_resident(session, name=name)
        until = clock.today() + timedelta(days=90)
        session.add(
            CareLink(resident_id=resident.id, site_id=site.id, starts_on=LONG_AGO, ends_on=until)
        )
        return make_home_bed(session, resident, site)

    return settle_in


@pytest.fixture
def bed(settle_in):
    return settle_in("李秀英")


@pytest.fixture
def worker(hire, site):
    return hire(Role.CARE_WORKER, site_id=site.id, name="段暖")


@pytest.fixture
def colleague(hire, site):
    return hire(Role.CARE_WORKER, site_id=site.id, name="白露")


@pytest.fixture
def visit(session, bed, worker):
    return make_visit(session, bed, worker, on=TOMORROW)


@pytest.fixture
def manager(sit_down, site):
    return sit_down(Role.HOME_CARE_PROVIDER, site_id=site.id)


@pytest.fixture
def deputy(sit_down, site):
    return sit_down(Role.HOME_CARE_PROVIDER, site_id=site.id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def other_manager(sit_down, session):
    return sit_down(Role.HOME_CARE_PROVIDER, site_id=make_provider(session).id)
