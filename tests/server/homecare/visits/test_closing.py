"""A closed month stays as it is, whatever way a change takes."""

from datetime import date, time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.homecare.visits.closing import check_month_open
from server.homecare.visits.errors import MonthIsClosed
from server.homecare.visits.models import HomeMonthClose
from tests.factories.homecare import make_proof, make_visit

CHANGES = (
    "UPDATE care_visit SET minutes = 90",
    "UPDATE care_visit SET service_on = service_on + 40",
    "UPDATE visit_proof SET left_at = left_at + interval '1 hour'",
    "UPDATE visit_proof SET confirmed_by = 'tap', confirmed_at = arrived_at",
)


@pytest.fixture
def proof(session, bed, worker):
    return make_proof(session, make_visit(session, bed, worker, on=clock.today()))


@pytest.fixture
def closed(session, site, proof):
    month = clock.today().replace(day=1)
    session.add(HomeMonthClose(site_id=site.id, month=month, closed_at=clock.now()))
    session.flush()


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_in_it_is_changed_by_plain_sql(session, closed, change):
    with pytest.raises(DBAPIError, match="this month is closed"):
        session.execute(text(change))


@pytest.mark.parametrize("change", CHANGES)
def test_an_open_month_is_changed(session, proof, change):
    assert session.execute(text(change)).rowcount == 1


def test_nothing_is_added_to_it(session, bed, worker, closed):
    with pytest.raises(DBAPIError, match="this month is closed"):
        make_visit(session, bed, worker, on=clock.today(), at=time(20))


def test_it_is_said_before(session, site, closed):
    with pytest.raises(MonthIsClosed):
        check_month_open(session, site.id, clock.today())
    check_month_open(session, site.id, date(2030, 1, 15))
