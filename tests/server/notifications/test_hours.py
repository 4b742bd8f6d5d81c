"""At which hours a message goes out, at any hour of any day."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import clock
from server.notifications.hours import Quiet, fitting, keeps_quiet
from server.notifications.kinds import AT_ONCE, Inbox, Kind, Topic, kind_of
from server.notifications.models import Urgency

PLAIN = Kind(Topic.CARE, Inbox.ACCOUNT, AT_ONCE)
QUIET = Quiet()
instants = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=clock.CITY) + timedelta(minutes=minutes)
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.CITY)


@pytest.mark.parametrize(
    ("due", "goes"),
    [
        ("2026-11-23 20:59", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "2026-11-24 07:00"),
        ("2026-11-24 00:10", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "2026-11-24 07:00"),
        ("2026-11-24 07:00", "2026-11-24 07:00"),
    ],
)
def test_what_is_due_at_night_waits_for_the_morning(due, goes):
    assert fitting(PLAIN, Urgency.NORMAL, at(due), QUIET) == at(goes)


def test_what_is_urgent_waits_for_nothing():
    night = at("2026-11-23 23:00")
    assert fitting(PLAIN, Urgency.URGENT, night, QUIET) == night
    assert not keeps_quiet(kind_of("homecare.alarm_sos"), Urgency.NORMAL)


@given(instants)
def test_nothing_goes_out_at_night_earlier_than_due_or_more_than_a_night_late(due):
    goes = fitting(PLAIN, Urgency.NORMAL, due, QUIET)
    local = goes.astimezone(clock.CITY).time()
    assert time(7) <= local < time(21)
    assert timedelta() <= goes - due <= timedelta(hours=10)
