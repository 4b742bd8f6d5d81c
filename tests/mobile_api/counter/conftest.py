"""A canteen with a tablet at its counter, a lunch of today, and somebody who booked it."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from server import clock
from server.identity.models import Role
from server.meals.deliveries.service import make_rounds
from server.meals.models import BookedBy, Booking, Handing
from server.meals.service import book_meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import PASSWORD, make_resident, make_sign_in, make_staff
from tests.mobile_api.conftest import Phone


@pytest.fixture
def canteen(session):
    return make_canteen(session, name="建设路食堂")


@pytest.fixture
def sitting(session, canteen):
    """Served until the day is over, whatever the hour."""
    return make_sitting(
        session,
        canteen,
        in_days=0,
        cutoff_at=clock.now() + timedelta(minutes=30),
        serves_from=time(0),
        serves_until=time(23, 59, 59),
    )


@pytest.fixture
def cook(session, canteen):
    return make_staff(session, Role.CANTEEN_STAFF, site_id=canteen.site_id, password=PASSWORD)


@pytest.fixture
def tablet(app, session, cook):
    return Phone(app.test_client(), session, make_sign_in(session, staff=cook))


@pytest.fixture
def elsewhere(app, session):
    """The tablet of another canteen."""
    other = make_staff(session, Role.CANTEEN_STAFF, site_id=make_canteen(session).site_id)
    return Phone(app.test_client(), session, make_sign_in(session, staff=other))


@pytest.fixture
def book(session, sitting):
    def do(name="李秀英", **given):
        row = book_meal(
            session,
            sitting_id=sitting.id,
            resident_id=make_resident(session, name=name).id,
            booked_by=BookedBy.STAFF,
            **given,
        )
        return session.get_one(Booking, row.id)

    return do


@pytest.fixture
def booking(book):
    return book()


def now():
    return clock.now().isoformat()


def a_meal(booking=None, **given):
    """A meal as a tablet tells of it."""
    named = {"booking_id": booking.id} if booking is not None else {}
    return {"key": uuid4().hex, "at": now(), "how": "name"} | named | given


@pytest.fixture
def tell(tablet, canteen):
    """Sends meals that were handed out; returns the answer."""

    def send(*meals):
        body = {"sent_at": now(), "collections": list(meals)}
        return tablet.post(f"/v1/counter/canteens/{canteen.site_id}/collections", body)

    return send


def states(answer):
    return [one["state"] for one in answer.json["items"]]


@pytest.fixture
def rounds(session, canteen, sitting, book):
    for name in ("甲", "乙"):
        book(name, handing=Handing.DELIVERY)
    make_rounds(session, canteen_id=canteen.site_id, sitting_id=sitting.id, carriers=["老赵"])


@pytest.fixture
def first(tablet, canteen, rounds):
    return tablet.get(f"/v1/counter/canteens/{canteen.site_id}/rounds").json["items"][0]


def seal(phone, round_id):
    body = {"sent_at": now(), "at": now()}
    return phone.post(f"/v1/counter/rounds/{round_id}/sealing", body)
