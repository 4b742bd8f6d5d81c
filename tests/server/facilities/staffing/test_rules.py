"""How many caregivers so many people need, on both sides of every threshold."""

from datetime import date, timedelta

import pytest

from server.facilities.errors import DayOutOfReach
from server.facilities.staffing import rules
from server.facilities.staffing.rules import Care, Ratios, Shift, Staffing

ZHENGZHOU = Ratios.of(
    {
        "staffing.ratio_by_day": {"self_care": 10, "partial": 5, "full": 3},
        "staffing.ratio_by_night": {"self_care": 20, "partial": 10, "full": 6},
        "staffing.care_of_levels": {
            "intact": "self_care",
            "mild": "partial",
            "moderate": "partial",
            "severe": "full",
            "total": "full",
            "not_assessed": "full",
        },
    }
)
MONDAY = date(2026, 11, 23)


def people(self_care=0, partial=0, full=0):
    return {Care.SELF_CARE: self_care, Care.PARTIAL: partial, Care.FULL: full}


@pytest.mark.parametrize(
    ("lives_there", "wanted"),
    [
        (people(), 0),
        (people(self_care=1), 1),
        (people(self_care=10), 1),
        (people(self_care=11), 2),
        (people(partial=5), 1),
        (people(partial=6), 2),
        (people(full=3), 1),
        (people(full=4), 2),
        # 1/2 + 2/5 is under one caregiver, and one more of the frailest is over it.
        (people(self_care=5, partial=2), 1),
        (people(self_care=5, partial=2, full=1), 2),
        # 1/10 + 1/5 + 2/3 is 29/30; 2/10 + 1/5 + 2/3 is 32/30.
        (people(self_care=1, partial=1, full=2), 1),
        (people(self_care=2, partial=1, full=2), 2),
        # 4/10 + 3/5 is one to the hair, which floating point would miss.
        (people(self_care=4, partial=3), 1),
        (people(self_care=5, partial=3), 2),
        (people(self_care=100, partial=50, full=30), 30),
        (people(self_care=100, partial=50, full=31), 31),
    ],
)
def test_shares_are_added_up_and_rounded_up_once(lives_there, wanted):
    assert rules.needed(lives_there, ZHENGZHOU.by_day) == wanted


@pytest.mark.parametrize(
    ("lives_there", "by_day", "by_night"),
    [(people(full=6), 2, 1), (people(full=7), 3, 2), (people(self_care=20), 2, 1)],
)
def test_a_night_has_a_ratio_of_its_own(lives_there, by_day, by_night):
    assert rules.needed_by_shift(lives_there, ZHENGZHOU) == {
        Shift.MORNING: by_day,
        Shift.AFTERNOON: by_day,
        Shift.NIGHT: by_night,
    }


@pytest.mark.parametrize(
    ("level", "care"),
    [
        ("intact", Care.SELF_CARE),
        ("mild", Care.PARTIAL),
        ("moderate", Care.PARTIAL),
        ("severe", Care.FULL),
        ("total", Care.FULL),
        (None, Care.FULL),
    ],
)
def test_a_level_counts_as_a_kind_of_care_and_no_level_as_the_strictest(level, care):
    assert ZHENGZHOU.by_care({level: 7}) == people() | {care: 7}


def shifts(morning, afternoon, night):
    return {Shift.MORNING: morning, Shift.AFTERNOON: afternoon, Shift.NIGHT: night}


@pytest.mark.parametrize(
    ("there", "stands", "missing"),
    [
        (shifts(3, 3, 2), Staffing.ENOUGH, {}),
        (shifts(9, 3, 2), Staffing.ENOUGH, {}),
        (shifts(2, 3, 2), Staffing.TOO_FEW, {Shift.MORNING: 1}),
        (shifts(9, 9, 1), Staffing.TOO_FEW, {Shift.NIGHT: 1}),
        (shifts(0, 1, 0), Staffing.TOO_FEW, shifts(3, 2, 2)),
    ],
)
def test_a_shift_with_one_too_few_is_one_too_few(there, stands, missing):
    wanted = shifts(3, 3, 2)
    assert rules.staffing_of(wanted, there) is stands
    assert rules.missing(wanted, there) == missing


def test_nothing_told_is_neither_enough_nor_too_few():
    assert rules.staffing_of(shifts(1, 1, 1), None) is Staffing.NOT_TOLD


def test_where_nobody_lives_nobody_need_be_there():
    for there in (None, shifts(0, 0, 0), shifts(3, 3, 3)):
        assert rules.staffing_of(shifts(0, 0, 0), there) is Staffing.NOBODY_HERE


@pytest.mark.parametrize("day", range(7))
def test_this_week_and_the_next_are_told_by_their_mondays(day):
    today = MONDAY + timedelta(days=day)
    assert rules.monday_of(today) == MONDAY
    for week in (MONDAY, MONDAY + rules.A_WEEK):
        rules.check_week(week, today=today)
    for week in (MONDAY - rules.A_WEEK, MONDAY + 2 * rules.A_WEEK, MONDAY + timedelta(days=1)):
        with pytest.raises(DayOutOfReach):
            rules.check_week(week, today=today)
