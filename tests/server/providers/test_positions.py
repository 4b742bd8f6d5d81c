"""Where sites lie, and how far that is from where somebody lives."""

import pytest

from server.providers.positions import find_middle, find_positions, metres_between, middle_of
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.meals import make_site

SAME_TOWN = f"{VILLAGE[:9]}999"


def test_only_sites_with_a_place_have_one(session):
    here = make_site(session, x=112.85, y=35.49)
    nowhere = make_site(session)

    assert find_positions(session, [here.id, nowhere.id]) == {here.id: (112.85, 35.49)}


def test_the_middle_is_that_of_the_village_else_of_the_town(session):
    make_site(session, x=112.0, y=35.0)
    make_site(session, x=114.0, y=37.0)
    make_site(session, x=1.0, y=1.0, division_code=OTHER_COUNTY_VILLAGE)
    make_site(session)

    assert find_middle(session, VILLAGE) == (113.0, 36.0)
    assert find_middle(session, SAME_TOWN) == (113.0, 36.0)
    assert find_middle(session, "140581001001") is None


def test_the_middle_of_nothing_is_not_known():
    assert middle_of([]) is None
    assert middle_of([(1.0, 2.0), (3.0, 4.0)]) == (2.0, 3.0)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((112.85, 35.49), (112.85, 35.49), 0),
        ((112.85, 35.00), (112.85, 36.00), 111_195),
        ((112.85, 35.49), (113.28, 35.78), 50_453),
    ],
)
def test_a_straight_way_is_as_long_as_over_the_ground(one, other, metres):
    assert metres_between(one, other) == pytest.approx(metres, rel=0.005)
    assert metres_between(one, other) == metres_between(other, one)
