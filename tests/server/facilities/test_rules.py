"""Days that may be entered, and numbers of rooms as people write them."""

from datetime import date, timedelta

import pytest

from server.facilities import rules
from server.facilities.errors import DayOutOfReach, RoomsUnreadable, StayNotSo
from server.facilities.models import StayStatus

TODAY = date(2026, 11, 22)


def test_a_hold_lasts_as_many_days_as_the_city_says():
    assert rules.hold_until(TODAY, hold_days=3) == date(2026, 11, 25)


@pytest.mark.parametrize("days", [0, 1, 90])
def test_somebody_may_be_expected_within_ninety_days(days):
    rules.check_planned(TODAY + timedelta(days=days), today=TODAY)


@pytest.mark.parametrize("days", [-1, 91])
def test_nobody_is_expected_in_the_past_nor_too_far_ahead(days):
    with pytest.raises(DayOutOfReach) as refusal:
        rules.check_planned(TODAY + timedelta(days=days), today=TODAY)
    assert refusal.value.facts == {"earliest": "2026-11-22", "latest": "2027-02-20"}


@pytest.mark.parametrize("days", [0, -1, -31])
def test_what_happened_is_entered_within_a_month(days):
    rules.check_happened(TODAY + timedelta(days=days), today=TODAY)


@pytest.mark.parametrize("days", [1, -32])
def test_what_has_not_happened_or_long_ago_is_not(days):
    with pytest.raises(DayOutOfReach):
        rules.check_happened(TODAY + timedelta(days=days), today=TODAY)


def test_a_stay_in_another_state_is_refused_by_the_state_it_is_in():
    with pytest.raises(StayNotSo) as refusal:
        rules.check_status(StayStatus.ENDED, StayStatus.STAYING, StayStatus.AWAY)
    assert refusal.value.facts == {"status": "ended"}


class TestRooms:
    def test_a_range_becomes_rooms_with_numbered_beds(self):
        rooms = rules.plan_rooms("201-203", beds_each=2)

        assert [room.name for room in rooms] == ["201", "202", "203"]
        assert rooms[0].beds == ("201-1", "201-2")

    @pytest.mark.parametrize(
        ("numbers", "names"),
        [
            ("101", ["101"]),
            ("101，103、105", ["101", "103", "105"]),
            ("A1-3", ["A1", "A2", "A3"]),
            ("008~010", ["008", "009", "010"]),
            (" 1 3 ", ["1", "3"]),
        ],
    )
    def test_are_written_in_many_ways(self, numbers, names):
        assert [room.name for room in rules.plan_rooms(numbers, beds_each=1)] == names

    @pytest.mark.parametrize(
        "numbers", ["", "two", "203-201", "201,201", "1-9999", "201--203", "12345", "-5"]
    )
    def test_that_cannot_be_read_are_refused(self, numbers):
        with pytest.raises(RoomsUnreadable):
            rules.plan_rooms(numbers, beds_each=1)

    @pytest.mark.parametrize("beds_each", [0, 13])
    def test_have_between_one_and_twelve_beds(self, beds_each):
        with pytest.raises(RoomsUnreadable):
            rules.plan_rooms("201", beds_each=beds_each)
