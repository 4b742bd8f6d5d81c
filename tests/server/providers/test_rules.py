"""What may stand in the register of sites."""

from datetime import date

import pytest

from server.providers import rules
from server.providers.errors import (
    DetailDaysImpossible,
    OpeningDayOutOfReach,
    OpeningNotNext,
    PositionOutsideCity,
    PriceRangeReversed,
    UsccUnusable,
)
from server.providers.models import OpeningState

FRAME = (111.8, 35.1, 113.7, 36.1)
TODAY = date(2026, 3, 1)
PLANNED, OPEN, SUSPENDED, CLOSED = OpeningState


@pytest.mark.parametrize(
    "given",
    ["91110000600037341L", " 9111 0000 6000 3734 1l ", "９１１１００００６０００３７３４１Ｌ"],
)
def test_a_credit_code_is_kept_plain(given):
    assert rules.read_uscc(given) == "91110000600037341L"


@pytest.mark.parametrize("given", ["91110000600037341M", "9111000060003734", "", "敬老院"])
def test_what_is_no_credit_code_is_refused(given):
    with pytest.raises(UsccUnusable):
        rules.read_uscc(given)


@pytest.mark.parametrize("point", [(None, None), (112.85, 35.49), (111.8, 36.1)])
def test_a_point_within_the_frame_is_kept(point):
    rules.check_position(*point, frame=FRAME)


@pytest.mark.parametrize("point", [(112.85, None), (None, 35.49), (35.49, 112.85), (113.8, 35.5)])
def test_half_a_point_and_one_outside_are_refused(point):
    with pytest.raises(PositionOutsideCity):
        rules.check_position(*point, frame=FRAME)


def test_the_lowest_price_is_not_above_the_highest():
    rules.check_range(0, 0)
    with pytest.raises(PriceRangeReversed):
        rules.check_range(2, 1)


@pytest.mark.parametrize(
    "days", [(TODAY, TODAY), (TODAY, date(2026, 2, 1)), (date(1899, 1, 1), None)]
)
def test_days_that_mean_no_day_are_refused(days):
    with pytest.raises(DetailDaysImpossible):
        rules.check_days(*days)


@pytest.mark.parametrize(
    "change", [(PLANNED, OPEN), (OPEN, SUSPENDED), (SUSPENDED, OPEN), (OPEN, CLOSED),
               (CLOSED, PLANNED)],
)  # fmt: skip
def test_what_a_site_may_become(change):
    rules.check_opening(*change, TODAY, since=None, today=TODAY)


@pytest.mark.parametrize("change", [(OPEN, OPEN), (PLANNED, SUSPENDED), (CLOSED, OPEN)])
def test_what_it_may_not(change):
    with pytest.raises(OpeningNotNext):
        rules.check_opening(*change, TODAY, since=None, today=TODAY)


@pytest.mark.parametrize("since", [TODAY, date(2026, 3, 2)])
def test_two_changes_do_not_share_a_day(since):
    with pytest.raises(OpeningDayOutOfReach):
        rules.check_opening(OPEN, CLOSED, TODAY, since=since, today=TODAY)


def test_nothing_happens_in_the_future():
    with pytest.raises(OpeningDayOutOfReach):
        rules.check_opening(OPEN, CLOSED, date(2026, 3, 2), since=None, today=TODAY)
