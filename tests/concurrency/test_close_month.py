"""A month is closed while somebody still notes a visit: it is in the facts, or it is refused."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db.sessions import transaction
from server.homecare.months import queries
from server.homecare.months.service import close_month
from server.homecare.visits.errors import MonthIsClosed
from server.homecare.visits.models import CareVisit
from tests.factories.homecare import make_proof
from tests.factories.street import Street

SOON = 10
A_WHILE = 0.5


@pytest.fixture
def month():
    last = clock.today().replace(day=1) - timedelta(days=1)
    return (last.replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def visit(own_city, as_platform, month):
    """A visit of the month that is planned, and not proved yet."""
    with transaction() as session:
        planned = Street(session).planned(on=month)
        return planned.id, planned.site_id


def prove(visit_id, *, until=None):
    with transaction() as session:
        make_proof(session, session.get_one(CareVisit, visit_id))
        if until is not None:
            until.wait(SOON)


def close(site_id, month, *, until=None):
    with transaction() as session:
        close_month(session, site_id, month)
        if until is not None:
            until.wait(SOON)


def frozen(site_id, month):
    with transaction(writes=False) as session:
        return [bed.visits for bed in queries.list_beds(session, site_id, month)]


@pytest.fixture
def at_once():
    """Begin the first, and the second beside it while the first is not over."""

    def run(first, second):
        may_end = Event()
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(copy_context().run, lambda: first(may_end))
            may_end.wait(A_WHILE)
            other = pool.submit(copy_context().run, second)
            may_end.wait(A_WHILE)
            is_waiting = not other.done()
            may_end.set()
            one.result(SOON)
            return is_waiting, other

    return run


def test_the_closing_waits_for_a_proof_and_counts_it(visit, month, at_once):
    visit_id, site_id = visit

    is_waiting, closing = at_once(
        lambda may_end: prove(visit_id, until=may_end), lambda: close(site_id, month)
    )

    closing.result(SOON)
    assert is_waiting
    assert frozen(site_id, month) == [1]


def test_a_proof_waits_for_the_closing_and_is_refused(visit, month, at_once):
    visit_id, site_id = visit

    is_waiting, proving = at_once(
        lambda may_end: close(site_id, month, until=may_end), lambda: prove(visit_id)
    )

    with pytest.raises(DBAPIError, match="this month is closed"):
        proving.result(SOON)
    assert is_waiting
    assert frozen(site_id, month) == [0]


def test_two_who_close_it_at_once_close_it_once(visit, month, at_once):
    _, site_id = visit

    _, second = at_once(
        lambda may_end: close(site_id, month, until=may_end), lambda: close(site_id, month)
    )

    with pytest.raises(MonthIsClosed):
        second.result(SOON)
    assert frozen(site_id, month) == [0]
