"""Which days an order and a pause may name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.meals.standing.errors import DaysUnusable
from server.meals.standing.rules import (
    check_order_days,
    check_pause_days,
    days_of_week,
    weekdays_of,
)

TODAY = date(2026, 11, 23)


@given(st.sets(st.integers(1, 7), min_size=1))
def test_weekdays_come_out_as_they_went_in(days):
    assert set(days_of_week(weekdays_of(days))) == days


def test_a_week_of_work_is_named_by_its_days():
    assert weekdays_of([1, 2, 3, 4, 5]) == 31


@pytest.mark.parametrize(("starts", "ends"), [(0, None), (0, 1), (7, 90)])
def test_an_order_begins_today_or_later(starts, ends):
    last = None if ends is None else TODAY + timedelta(days=ends)

    check_order_days(TODAY + timedelta(days=starts), last, today=TODAY)


@pytest.mark.parametrize(("starts", "ends"), [(-1, None), (3, 3), (3, 2), (400, None)])
def test_an_order_of_no_day_is_refused(starts, ends):
    last = None if ends is None else TODAY + timedelta(days=ends)

    with pytest.raises(DaysUnusable):
        check_order_days(TODAY + timedelta(days=starts), last, today=TODAY)


@pytest.mark.parametrize(("starts", "ends"), [(0, 1), (-2, 1), (10, 100)])
def test_a_pause_has_a_day_to_come(starts, ends):
    check_pause_days(TODAY + timedelta(days=starts), TODAY + timedelta(days=ends), today=TODAY)


@pytest.mark.parametrize(("starts", "ends"), [(2, 2), (5, 3), (-4, 0), (1, 300), (400, 401)])
def test_a_pause_that_is_over_or_without_end_is_refused(starts, ends):
    with pytest.raises(DaysUnusable):
        check_pause_days(TODAY + timedelta(days=starts), TODAY + timedelta(days=ends), today=TODAY)
