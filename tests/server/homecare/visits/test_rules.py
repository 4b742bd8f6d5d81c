"""Places and times of visits."""

from datetime import UTC, datetime, timedelta

import pytest

from server.homecare.visits import rules

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_a_hundredth_of_a_degree_of_latitude_is_about_a_kilometre():
    assert rules.distance_m((112.85, 35.49), (112.85, 35.50)) == pytest.approx(1112, abs=2)


def test_an_unknown_place_is_no_distance():
    assert rules.distance_m(None, (112.85, 35.49)) is None
    assert rules.place_of(112.85, None) is None


@pytest.mark.parametrize(("hours", "is_near"), [(0, True), (12, True), (-12, True), (13, False)])
def test_what_is_noted_lies_within_half_a_day(hours, is_near):
    assert rules.is_near_its_time(NOON + timedelta(hours=hours), NOON) is is_near


def test_a_way_begun_is_a_minute():
    assert rules.minutes_on_the_way(251, metres_a_minute=250) == 2
    assert rules.minutes_on_the_way(None, metres_a_minute=250) == 0
