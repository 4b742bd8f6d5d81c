"""A provider on duty, an elder at home with an emergency call, and a daughter to be called."""

import pytest
from sqlalchemy import select

from server.homecare.alarms.models import AlarmStep
from server.identity.models import Role
from tests.factories.alarms import make_call_device, make_contact
from tests.factories.home_beds import Office
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_resident


@pytest.fixture
def site(session):
    return make_provider(session, name="安康居家", phone="0356-1234567")


@pytest.fixture
def bed(session, site):
    return make_home_bed(session, make_resident(session, name="李秀英"), site)


@pytest.fixture
def device(session, bed):
    return make_call_device(session, bed)


@pytest.fixture
def daughter(session, bed):
    return make_contact(session, bed)


@pytest.fixture
def desk(session, site):
    """Whoever is on duty at the provider's."""
    return Office(session, Role.HOME_CARE_PROVIDER, site_id=site.id)


@pytest.fixture
def steps_of(session):
    """Reads what happened with an alarm: `steps_of(alarm)` is [(state, number, callee)]."""

    def read(alarm):
        query = select(AlarmStep.state, AlarmStep.number, AlarmStep.callee)
        rows = session.execute(query.where(AlarmStep.alarm_id == alarm.id).order_by(AlarmStep.id))
        return [tuple(row) for row in rows]

    return read
