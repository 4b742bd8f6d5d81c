"""A canteen with a week of lunches, a standing order and a place in a line."""

import pytest

from server.meals.models import Meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.standing import make_standing, make_waiting


@pytest.fixture
def canteen(session):
    canteen = make_canteen(session)
    for day in range(1, 8):
        make_sitting(session, canteen, in_days=day, dishes=())
    return canteen


@pytest.fixture
def order(session, resident, canteen):
    return make_standing(session, resident, canteen)


@pytest.fixture
def full(session):
    """A dinner without a place."""
    return make_sitting(session, capacity=0, in_days=2, meal=Meal.DINNER, dishes=())


@pytest.fixture
def waiting(session, resident, full):
    return make_waiting(session, resident, full)


@pytest.fixture
def offered(session, resident):
    """A place that is held for the resident, beside one more that waits."""
    sitting = make_sitting(session, capacity=1, in_days=2, meal=Meal.DINNER, dishes=())
    offered = make_waiting(session, resident, sitting, state="offered")
    make_waiting(session, make_resident(session), sitting)
    return offered
