"""Times of visits."""

from datetime import UTC, datetime, timedelta

import pytest

from server.homecare.visits import rules

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "is_near"), [(0, True), (12, True), (-12, True), (13, False)])
def test_what_is_noted_lies_within_half_a_day(hours, is_near):
    assert rules.is_near_its_time(NOON + timedelta(hours=hours), NOON) is is_near
