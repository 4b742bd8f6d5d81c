"""What becomes of a report, judged from what is known already; plain values in and out."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from server.residents.departures.reports import Known, Report


class Outcome(StrEnum):
    """What becomes of a report."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"  # Known already, from this source or another.
    REVERSED_BEFORE = "reversed_before"  # The same report was found to be a mistake.
    CONTRADICTS = "contradicts"  # Another day is recorded, or the reference is another report's.
    IMPOSSIBLE_DAY = "impossible_day"  # In the future, or before the birth.


def judge(report: Report, *, known: Iterable[Known], born_on: date, today: date) -> Outcome:
    """Say what becomes of the report; nothing that is recorded is ever overwritten."""
    if not born_on <= report.happened_on <= today:
        return Outcome.IMPOSSIBLE_DAY
    standing: Known | None = None
    for one in known:
        if _has_the_same_reference(one.report, report):
            return _known_again(one, report)
        if not one.is_reversed and _says_the_same_of(one.report, report):
            standing = one
    if standing is None:
        return Outcome.RECORDED
    is_same_day = standing.report.happened_on == report.happened_on
    return Outcome.UNCHANGED if is_same_day else Outcome.CONTRADICTS


def _known_again(known: Known, report: Report) -> Outcome:
    if known.report != report:
        return Outcome.CONTRADICTS
    return Outcome.REVERSED_BEFORE if known.is_reversed else Outcome.UNCHANGED


def _has_the_same_reference(one: Report, other: Report) -> bool:
    return one.reference is not None and (one.source, one.reference) == (
        other.source,
        other.reference,
    )


def _says_the_same_of(one: Report, other: Report) -> bool:
    return (one.resident_id, one.kind) == (other.resident_id, other.kind)
