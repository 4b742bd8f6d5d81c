"""An elder with everything that a departure ends: helpers, hardship, a canteen and bookings."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from server import clock
from server.meals.models import BookedBy, Meal
from server.meals.service import book_meal
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from server.residents.models import GrantKind, SpecialCare, SpecialCarePeriod
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import (
    LONG_AGO,
    make_account,
    make_hardship,
    make_resident,
    make_sign_in,
)


class House:
    """The father with an account of his own, a daughter who helps him and a neighbour."""

    def __init__(self, session):
        self.canteen = make_canteen(session)
        self.father = make_resident(session)
        self.father.usual_canteen_id = self.canteen.site_id
        self.neighbour = make_resident(session)
        self.hardship = make_hardship(session, self.father)
        self.alone = SpecialCarePeriod(
            resident_id=self.father.id, care=SpecialCare.LIVING_ALONE, starts_on=LONG_AGO
        )
        session.add(self.alone)
        self.account = make_account(session, self.father)
        self.token = make_sign_in(session, account=self.account)
        self.daughter = make_account(session, self.father, self.neighbour, kind=GrantKind.HELPER)
        self.daughter_token = make_sign_in(session, account=self.daughter)
        self.sittings = [
            make_sitting(session, self.canteen, in_days=days, meal=meal)
            for days, meal in ((1, Meal.LUNCH), (1, Meal.DINNER), (2, Meal.LUNCH))
        ]
        self.bookings = [self.book(session, sitting) for sitting in self.sittings]

    def book(self, session, sitting, resident=None):
        resident = resident or self.father
        return book_meal(
            session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.STAFF
        ).id


@pytest.fixture
def house(session):
    return House(session)


@pytest.fixture
def report(session, house):
    """Report the father's departure, yesterday unless said otherwise."""

    def report(kind=DepartureKind.DIED, *, days_ago=1, **given):
        return report_departure(
            session,
            resident_id=house.father.id,
            kind=kind,
            happened_on=clock.today() - timedelta(days=days_ago),
            **given,
        )

    return report


@pytest.fixture
def statements(connection):
    """Count what is asked of the database within a block."""

    @contextmanager
    def counting():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        yield seen
        event.remove(connection, "before_cursor_execute", note)

    return counting
