"""Whoever waits for somebody else's step reads what became of it: held still is read anew."""

import pytest
from sqlalchemy import text

from server.facilities.referrals.models import RequestedBy
from server.homecare.beds import knowing as beds
from server.homecare.orders.holding import hold_order
from server.homecare.orders.models import OrderState
from server.homecare.orders.serving import cancel_order
from server.homecare.renovations import applying
from server.homecare.renovations import knowing as renovations
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.orders import make_order
from tests.factories.people import make_resident

CANCELLED = """
    UPDATE care_order SET state = 'cancelled', closed_at = ordered_at, cancel_reason = '改期'
     WHERE id = :id
"""


@pytest.fixture
def elder(session):
    return make_resident(session, name="李秀英")


def elsewhere(session, statement, **values):
    """Somebody else did this between two readings: the session knows nothing of it."""
    session.connection().execute(text(statement), values)


def test_a_bed_is_read_anew(session, elder):
    bed = make_home_bed(session, elder, make_provider(session))
    elsewhere(session, "UPDATE home_bed SET end_note = 'x' WHERE id = :id", id=bed.id)

    assert beds.hold_still(session, bed.id).end_note == "x"


def test_a_renovation_is_read_anew(session, elder):
    made = applying.apply(
        session, resident_id=elder.id, requested_by=RequestedBy.SELF, address="建设路12号"
    )
    elsewhere(session, "UPDATE renovation SET survey_note = 'x' WHERE id = :id", id=made.id)

    assert renovations.hold_still(session, made.id).survey_note == "x"


def test_an_order_is_read_anew_so_that_calling_it_off_twice_at_once_is_as_good_as_once(
    session, elder
):
    order = make_order(session, elder, make_provider(session))
    elsewhere(session, CANCELLED, id=order.id)

    assert hold_order(session, order.id)[0].state is OrderState.CANCELLED
    assert cancel_order(session, order.id, reason="不要了").cancel_reason == "改期"
