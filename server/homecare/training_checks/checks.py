"""Checks on trainees who were somewhere else in class hours (domain.md §5.2 row 23)."""

from collections.abc import Sequence
from pathlib import Path

from server.findings.checking import Check, keys_of
from server.findings.models import FindingKind

QUERIES = Path(__file__).parent / "queries"
PREFIX = "training_checks."


def in_class(name: str, kind: FindingKind) -> Check:
    """Return a check that stands on the class hours that were signed for."""
    return Check(
        name, kind, ("overlap_minutes",), "domain.md §5.2 row 23; §5.1 no. 6 (S146)",
        QUERIES, QUERIES / "attended.sql", "attended",
    )  # fmt: skip


CHECKS: Sequence[Check] = (
    in_class("on_shift", FindingKind.TRAINEE_ON_SHIFT),
    in_class("served_elsewhere", FindingKind.TRAINEE_SERVED_ELSEWHERE),
)
KEYS = keys_of(CHECKS, PREFIX, {})
