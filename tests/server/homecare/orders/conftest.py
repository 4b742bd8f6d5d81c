"""A provider with a care worker, and an elder with a voucher of this month."""

from datetime import datetime, time, timedelta

import pytest

from server import clock
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders.ordering import place_order
from server.homecare.vouchers.models import Programme
from server.identity.models import Role
from tests.factories.homecare import make_provider
from tests.factories.orders import make_allowance
from tests.factories.people import make_resident, make_staff


@pytest.fixture
def site(session):
    return make_provider(session)


@pytest.fixture
def worker(session, site):
    return make_staff(session, Role.CARE_WORKER, site_id=site.id)


@pytest.fixture
def elder(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def voucher(session, elder):
    return make_allowance(session, elder)


@pytest.fixture
def purse(session, elder):
    """Bought service of 60 yuan this month."""
    return make_allowance(session, elder, Programme.PURCHASED, amount_fen=6000)


def soon(minutes=30):
    """A moment ahead that lies in this month, whatever the hour and the day."""
    return clock.now() + timedelta(minutes=minutes)


@pytest.fixture
def midmonth(time_machine):
    """Ten in the morning of the twelfth: hours and days of the month lie ahead."""
    day = clock.today().replace(day=12)
    time_machine.move_to(datetime.combine(day, time(10), clock.CITY))


@pytest.fixture
def order(session, site, elder):
    """Orders bathing, of 80 yuan, for so many minutes ahead."""

    def order(*services, minutes=30, **given):
        values = {
            "resident_id": elder.id,
            "site_id": site.id,
            "services": services or ("bathing",),
            "starts_at": soon(minutes),
            "requested_by": RequestedBy.SELF,
        } | given
        return place_order(session, **values)

    return order
