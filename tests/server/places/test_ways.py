"""Places and the straight ways between them."""

import pytest

from server.places.ways import distance_m, minutes_on_the_way, place_of


def test_a_hundredth_of_a_degree_of_latitude_is_about_a_kilometre():
    assert distance_m((112.85, 35.49), (112.85, 35.50)) == pytest.approx(1112, abs=2)


def test_an_unknown_place_is_no_distance():
    assert distance_m(None, (112.85, 35.49)) is None
    assert place_of(112.85, None) is None


def test_a_way_begun_is_a_minute():
    assert minutes_on_the_way(251, metres_a_minute=250) == 2
    assert minutes_on_the_way(None, metres_a_minute=250) == 0
