"""Places changed by hand: who waits is asked before anybody else, and nobody loses one."""

from datetime import timedelta

import pytest

from server import clock
from server.meals.kitchen.errors import MenuOfThePast, PlacesTaken
from server.meals.kitchen.places import set_places
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident
from tests.factories.standing import make_waiting


@pytest.fixture
def full(session, canteen):
    sitting = make_sitting(session, canteen, capacity=1, dishes=())
    resident = make_resident(session)
    book_meal(session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.SELF)
    return sitting


def test_new_places_are_offered_at_once_in_the_order_of_the_line(session, canteen, full):
    now = clock.now()
    first, second = (
        make_waiting(session, make_resident(session), full, joined_at=now + timedelta(minutes=turn))
        for turn in range(2)
    )

    assert set_places(session, canteen.site_id, full.id, 2) == 1

    for one in (first, second):
        session.refresh(one)
    assert (first.state, second.state) == ("offered", "waiting")


def test_what_is_booked_cannot_be_taken_away(session, canteen, full):
    with pytest.raises(PlacesTaken) as refused:
        set_places(session, canteen.site_id, full.id, 0)

    assert refused.value.facts == {"taken": 1}


def test_the_past_has_the_places_it_had(session, canteen):
    gone = make_sitting(session, canteen, in_days=-1, dishes=())

    with pytest.raises(MenuOfThePast):
        set_places(session, canteen.site_id, gone.id, 5)
    assert gone.service_on < clock.today()
