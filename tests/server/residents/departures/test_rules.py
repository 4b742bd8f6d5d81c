"""What becomes of a report, judged from what is known."""

from datetime import date, timedelta

import pytest

from server.residents.departures.models import DepartureKind
from server.residents.departures.reports import Known, Report
from server.residents.departures.rules import Outcome, judge

TODAY = date(2026, 11, 22)
BORN_ON = date(1944, 5, 6)
DAY = date(2026, 11, 10)


def report(**given):
    values = {
        "resident_id": 1,
        "kind": DepartureKind.DIED,
        "happened_on": DAY,
        "source": "feed",
        "reference": "A1",
    }
    return Report(**values | given)


def judged(one, *known):
    return judge(one, known=known, born_on=BORN_ON, today=TODAY)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (TODAY, Outcome.RECORDED),
        (TODAY + timedelta(days=1), Outcome.IMPOSSIBLE_DAY),
        (BORN_ON, Outcome.RECORDED),
        (BORN_ON - timedelta(days=1), Outcome.IMPOSSIBLE_DAY),
    ],
)
def test_a_day_lies_between_birth_and_today(day, outcome):
    assert judged(report(happened_on=day)) is outcome


KNOWN = Known(report(), is_reversed=False)
REVERSED = Known(report(), is_reversed=True)


@pytest.mark.parametrize(
    ("given", "known", "outcome"),
    [
        ({}, KNOWN, Outcome.UNCHANGED),
        ({}, REVERSED, Outcome.REVERSED_BEFORE),
        ({"happened_on": DAY - timedelta(days=1)}, KNOWN, Outcome.CONTRADICTS),
        ({"resident_id": 2}, KNOWN, Outcome.CONTRADICTS),
        ({"source": "window", "reference": None}, KNOWN, Outcome.UNCHANGED),
        ({"source": "window", "reference": None}, REVERSED, Outcome.RECORDED),
        ({"reference": "A2"}, KNOWN, Outcome.UNCHANGED),
        ({"reference": "A2", "happened_on": TODAY}, KNOWN, Outcome.CONTRADICTS),
        ({"reference": "A2", "kind": DepartureKind.MOVED_AWAY}, KNOWN, Outcome.RECORDED),
        ({"reference": "A2", "resident_id": 2}, KNOWN, Outcome.RECORDED),
        ({"source": "other"}, KNOWN, Outcome.UNCHANGED),
    ],
)
def test_a_report_is_held_against_what_is_recorded(given, known, outcome):
    assert judged(report(**given), known) is outcome
