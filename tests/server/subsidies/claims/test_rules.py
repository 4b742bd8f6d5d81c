"""When programmes are claimed, and for which months."""

from datetime import date, timedelta

import pytest

from server.policies.programmes.schema import Programme, Stage
from server.subsidies.claims.models import ClaimState
from server.subsidies.claims.rules import (
    claimable,
    differences,
    following,
    next_opening,
    stage_of,
)
from server.subsidies.claims.versions import due_after, working_day
from tests.factories.claims import claimed_programme

HALF_YEARLY = [
    {"opens": "04-01", "closes": "04-30"},
    {"opens": "10-01", "closes": "10-31"},
]


def months(content, today, working=lambda day: day):
    window, stretches = claimable(Programme.model_validate(content), today, working)
    return window, [one.first_month.isoformat()[:7] for one in stretches]


def test_without_windows_every_month_of_the_last_year_is_claimed():
    window, found = months(claimed_programme(), date(2026, 2, 10))

    assert window is None
    assert (found[0], found[-1], len(found)) == ("2025-02", "2026-01", 12)


@pytest.mark.parametrize(
    ("period", "today", "expected"),
    [
        ("month", date(2026, 4, 1), [f"2025-{month}" for month in (10, 11, 12)]
         + [f"2026-0{month}" for month in (1, 2, 3)]),
        ("half_year", date(2026, 4, 30), ["2025-07"]),
        ("half_year", date(2026, 10, 2), ["2026-01"]),
        ("quarter", date(2026, 10, 31), ["2026-04", "2026-07"]),
        ("year", date(2026, 4, 1), ["2025-01"]),
        ("year", date(2026, 10, 1), []),
        ("month", date(2026, 3, 31), []),
        ("month", date(2026, 5, 1), []),
    ],
)  # fmt: skip
def test_a_window_is_for_what_ended_since_the_one_before(period, today, expected):
    content = claimed_programme(windows=HALF_YEARLY, period=period)

    assert months(content, today)[1] == expected


def test_nobody_is_late_on_a_holiday():
    content = claimed_programme(windows=[{"opens": "04-01", "closes": "05-02"}])

    window, _ = months(content, date(2026, 5, 4), working_day)

    assert window is not None
    assert window.closes_on == working_day(date(2026, 5, 2)) > date(2026, 5, 2)


def test_it_says_when_claims_are_taken_again():
    programme = Programme.model_validate(claimed_programme(windows=HALF_YEARLY))

    assert next_opening(programme, date(2026, 5, 1), working_day) == date(2026, 10, 1)
    assert next_opening(programme, date(2026, 11, 1), working_day) == date(2027, 4, 1)


def test_stages_follow_each_other():
    stages = [Stage(at="town", working_days=5), Stage(at="city", working_days=3)]

    assert following(stages, ClaimState.DRAFT) == stages[0]
    assert following(stages, ClaimState.AT_TOWN) == stages[1]
    assert following(stages, ClaimState.AT_CITY) is None
    assert stage_of(stages, ClaimState.AT_COUNTY) is None


def test_a_stage_lasts_working_days():
    assert due_after(date(2026, 2, 10), 0) == date(2026, 2, 10)
    # Spring Festival of 2026 lies in between.
    assert due_after(date(2026, 2, 10), 5) - date(2026, 2, 10) > timedelta(days=7)


def test_what_came_went_or_changed_is_told():
    def case(subject, fen):
        return {"subject": subject, "month": "2026-01", "part": 0, "fen": fen,
                "resident_id": 1, "caregiver_id": None}  # fmt: skip

    found = differences([case("a", 1), case("b", 2), case("c", 3)], [case("a", 1), case("b", 5)])

    assert [(one["subject"], one["before_fen"], one["after_fen"]) for one in found] == [
        ("b", 2, 5),
        ("c", 3, None),
    ]
