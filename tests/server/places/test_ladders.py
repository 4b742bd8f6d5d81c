"""Days of ladders: golden days of 2026, and what holds of every ladder."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import clock
from server.places.ladders import Move, Rung, Times, moment_to_send, targets, working_day
from server.places.workdays import is_workday

TIMES = Times(time(9), time(7), time(21))
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("day", "move", "moved"),
    [
        # Spring Festival 2026: 15 to 23 February; Saturdays 14 and 28 February are worked.
        ("2026-02-17", Move.BEFORE, "2026-02-14"),
        ("2026-02-17", Move.AFTER, "2026-02-24"),
        ("2026-02-28", Move.BEFORE, "2026-02-28"),
        ("2026-03-01", Move.BEFORE, "2026-02-28"),
        # National Day 2026: 1 to 7 October; Sunday 20 September and Saturday 10 October are worked.
        ("2026-10-04", Move.BEFORE, "2026-09-30"),
        ("2026-10-04", Move.AFTER, "2026-10-08"),
        ("2026-09-20", Move.AFTER, "2026-09-20"),
        ("2026-10-10", Move.BEFORE, "2026-10-10"),
        ("2026-10-11", Move.AFTER, "2026-10-12"),
        # New Year 2026: 1 to 3 January; Sunday the 4th is worked.
        ("2026-01-01", Move.AFTER, "2026-01-04"),
        ("2026-05-05", Move.AFTER, "2026-05-06"),
    ],
)
def test_days_around_holidays(day, move, moved):
    found = working_day(date.fromisoformat(day), move, is_workday)
    assert found == date.fromisoformat(moved)


@given(
    about=DAYS,
    rungs=st.lists(
        st.builds(Rung, st.integers(-90, 90), st.sampled_from(Move)), min_size=1, max_size=5
    ),
)
def test_a_day_at_a_time_says_the_same_as_all_days_at_once(about, rungs):
    first, last = about, about + timedelta(days=20)
    at_once = targets(rungs, first, last, is_workday)
    by_day = [
        target
        for number in range(21)
        for day in [first + timedelta(days=number)]
        for target in targets(rungs, day, day, is_workday)
    ]
    assert at_once == by_day
    assert all(is_workday(target.due_on) for target in at_once)
    assert len({(one.about_on, one.due_on) for one in at_once}) == len(at_once)


@given(about=DAYS, at=st.integers(-90, 90), move=st.sampled_from(Move))
def test_every_rung_of_every_day_falls_on_one_day(about, at, move):
    first, last = about + timedelta(days=at - 20), about + timedelta(days=at + 20)
    found = [
        one for one in targets([Rung(at, move)], first, last, is_workday) if one.about_on == about
    ]
    assert len(found) == 1


@given(day=DAYS, minutes=st.integers(0, 3 * 24 * 60))
def test_nothing_goes_out_at_night_however_late_it_is_asked_for(day, minutes):
    now = datetime.combine(day, time(0), clock.CITY) + timedelta(minutes=minutes)
    at = moment_to_send(day, now, TIMES)
    assert TIMES.earliest <= at.time() < TIMES.latest
    assert at >= now
    assert at - now < timedelta(days=1)
