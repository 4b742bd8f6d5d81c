"""A canteen with two people at its counter, an elder it knows, and a lunch of today."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from server import clock
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.wallets import Desk


@pytest.fixture
def canteen(session):
    return make_canteen(session)


@pytest.fixture
def elder(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def desk(session, canteen):
    return Desk(session, canteen.site_id)


@pytest.fixture
def other_desk(session, canteen):
    return Desk(session, canteen.site_id)


@pytest.fixture
def book(session, canteen, elder):
    """Books a lunch of today at 12 yuan, of which the elder pays 9."""
    lunches = {}

    def book(resident=elder):
        if not lunches:
            soon = clock.now() + timedelta(hours=1)
            lunches[0] = make_sitting(session, canteen, in_days=0, cutoff_at=soon)
        return book_meal(
            session,
            sitting_id=lunches[0].id,
            resident_id=resident.id,
            booked_by=BookedBy.STAFF,
        )

    return book


@pytest.fixture
def statements(connection):
    """Collects what is said to the database while it is open."""

    @contextmanager
    def counting():
        said = []

        def note(_connection, _cursor, statement, *_rest):
            said.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        yield said
        event.remove(connection, "before_cursor_execute", note)

    return counting
