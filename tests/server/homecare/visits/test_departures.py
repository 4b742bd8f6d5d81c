"""A death calls off what is planned."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from tests.factories.homecare import make_visit

TODAY = clock.today()


@pytest.fixture
def visits(session, bed, worker):
    days = [TODAY - timedelta(days=1), TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    return [make_visit(session, bed, worker, on=day) for day in days]


def test_nobody_is_sent_to_who_has_died(session, bed, visits):
    report_departure(
        session, resident_id=bed.resident_id, kind=DepartureKind.DIED, happened_on=TODAY
    )

    states = session.execute(text("SELECT state FROM care_visit ORDER BY starts_at")).scalars()
    assert list(states) == ["planned", "cancelled", "cancelled"]
