"""What a return may say, when it is late, and what a text message means."""

from datetime import date, datetime

import pytest

from server import clock
from server.facilities.errors import (
    DayOutOfReach,
    FiguresDoNotAddUp,
    ReasonNeeded,
    ReplyUnreadable,
)
from server.facilities.returns.rules import (
    Figures,
    Freshness,
    Standing,
    Times,
    check_day,
    check_figures,
    freshness_of,
    read_reply,
    standing_of,
)

TODAY = date(2026, 11, 22)
TIMES = Times.of({"remind_at": "16:30", "due_at": "17:30", "grace_minutes": 10}, city=clock.CITY)


@pytest.mark.parametrize(
    "figures",
    [(100, 90, 60, 2), (0, 0, 0, 0), (100, 100, 98, 2), (100, 90, 60, 2, 60), (50, 50, 50, 0, 0)],
)
def test_figures_that_add_up_pass(figures):
    check_figures(Figures(*figures))


@pytest.mark.parametrize(
    ("figures", "part"),
    [
        ((100, 101, 60, 2), "usable"),
        ((100, 90, 89, 2), "occupied"),
        ((100, 90, -1, 2), "licensed"),
        ((100, 90, 60, -1), "licensed"),
        ((99_999, 90, 60, 2), "licensed"),
        ((100, 90, 60, 2, 61), "nursing_occupied"),
        ((100, 90, 60, 2, -1), "nursing_occupied"),
    ],
)
def test_figures_that_do_not_add_up_are_told_where(figures, part):
    with pytest.raises(FiguresDoNotAddUp) as refused:
        check_figures(Figures(*figures))
    assert refused.value.facts["part"] == part


class TestTheDay:
    def check(self, day, reason=None):
        check_day(day, today=TODAY, correct_days=7, reason=reason)

    def test_today_needs_no_reason(self):
        self.check(TODAY)

    def test_a_past_day_needs_one(self):
        self.check(date(2026, 11, 15), "数错了")
        for reason in (None, "", "  "):
            with pytest.raises(ReasonNeeded):
                self.check(date(2026, 11, 21), reason)

    @pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 14)])
    def test_tomorrow_and_long_ago_are_out_of_reach(self, day):
        with pytest.raises(DayOutOfReach) as refused:
            self.check(day, "数错了")
        assert refused.value.facts == {"earliest": "2026-11-15", "latest": "2026-11-22"}


@pytest.mark.parametrize(
    ("last", "freshness"),
    [
        (None, Freshness.NEVER),
        (TODAY, Freshness.TODAY),
        (date(2026, 11, 21), Freshness.YESTERDAY),
        (date(2026, 11, 20), Freshness.OLDER),
    ],
)
def test_a_return_ages(last, freshness):
    assert freshness_of(last, today=TODAY) is freshness


@pytest.mark.parametrize(
    ("wall", "last", "standing"),
    [
        ("09:00", None, Standing.EXPECTED),
        ("17:40", None, Standing.EXPECTED),
        ("17:41", date(2026, 11, 21), Standing.LATE),
        ("17:41", TODAY, Standing.FILED),
    ],
)
def test_late_begins_after_deadline_and_grace(wall, last, standing):
    now = datetime.fromisoformat(f"2026-11-22T{wall}").replace(tzinfo=clock.CITY)
    assert standing_of(last, now=now, times=TIMES) is standing


@pytest.mark.parametrize("text", ["0", " 0 ", "０", "0\n"])
def test_nought_means_that_nothing_changed(text):
    assert read_reply(text) is None


@pytest.mark.parametrize("text", ["37/2", "３７／２", " 37 / 2 ", "37\\2"])
def test_two_numbers_are_occupied_and_on_leave(text):
    assert read_reply(text) == (37, 2)


@pytest.mark.parametrize(
    "text", ["", "37", "37/", "/2", "37/2/1", "好的", "-1/2", "٣٧/٢", "00", "3 7"]
)
def test_anything_else_is_not_guessed(text):
    with pytest.raises(ReplyUnreadable):
        read_reply(text)
