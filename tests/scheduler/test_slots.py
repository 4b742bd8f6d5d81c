"""Slots belong to the timetable, in the city's time."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.slots import latest_slot
from scheduler.timetable import TIMETABLE, at
from server.clock import CITY

NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=CITY)


@pytest.mark.parametrize(
    ("when", "slot"),
    [
        (at(second="*"), NOON),
        (at(minute="*"), NOON.replace(second=0)),
        (at(minute=20), datetime(2026, 11, 22, 11, 20, tzinfo=CITY)),
        (at(hour=3, minute=20), datetime(2026, 11, 22, 3, 20, tzinfo=CITY)),
        (at(hour=20), datetime(2026, 11, 21, 20, 0, tzinfo=CITY)),
        (at(day_of_week="mon", hour=9), datetime(2026, 11, 16, 9, 0, tzinfo=CITY)),
        (at(day="last", hour=1), datetime(2026, 10, 31, 1, 0, tzinfo=CITY)),
        (at(month=2, day=3, hour=0), datetime(2026, 2, 3, 0, 0, tzinfo=CITY)),
    ],
    ids=["second", "minute", "hour", "night", "yesterday", "monday", "month's end", "year"],
)
def test_the_latest_slot_is_the_last_named_instant(when, slot):
    assert latest_slot(when, NOON) == slot


def test_the_slot_of_an_instant_is_the_same_from_anywhere():
    assert latest_slot(at(hour=3), NOON.astimezone(UTC)) == latest_slot(at(hour=3), NOON)


def test_a_slot_begins_exactly_at_its_instant():
    at_three = datetime(2026, 11, 22, 3, tzinfo=CITY)
    assert latest_slot(at(hour=3), at_three) == at_three
    before = at_three - timedelta(microseconds=1)
    assert latest_slot(at(hour=3), before) == at_three - timedelta(days=1)


def test_a_timetable_of_the_past_has_no_slot():
    assert latest_slot(at(year=2020), NOON) is None


def test_every_job_has_one_name_and_a_reason():
    jobs = [entry.job for entry in TIMETABLE]
    assert len(set(jobs)) == len(jobs)
    assert all(entry.why.endswith(".") for entry in TIMETABLE)
