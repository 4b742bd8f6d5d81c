"""Hours attended, who is let in to the exam, and what a trainee brings. Values in, decision out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

NONE = "none"
A_MINUTE = timedelta(minutes=1)
LONGEST_MEETING = timedelta(hours=12)


def minutes_there(
    starts_at: datetime, ends_at: datetime, arrived_at: datetime, left_at: datetime | None
) -> int:
    """Return whole minutes of a meeting that somebody was there; not having left is staying."""
    begun, ended = max(starts_at, arrived_at), min(ends_at, left_at or ends_at)
    return max(0, (ended - begun) // A_MINUTE)


def percent_of(minutes: int, planned: int) -> int:
    """Return whole percent attended, rounded down, so that a minute short stays short."""
    return 0 if planned <= 0 else min(100, minutes * 100 // planned)


def is_admitted(minutes: int, planned: int, least_percent: int) -> bool:
    """True where somebody attended enough to sit the exam, or to have completed a course."""
    return planned > 0 and minutes * 100 >= planned * least_percent


def follow_each_other(times: Sequence[tuple[datetime, datetime]]) -> bool:
    """True for at least one meeting, each of some length within a day, none of them at once."""
    ordered = sorted(times)
    lengths = all(start < end <= start + LONGEST_MEETING for start, end in ordered)
    apart = all(one[1] <= other[0] for one, other in pairwise(ordered))
    return bool(ordered) and lengths and apart


def ranks_of(scores: Mapping[int, int]) -> dict[int, int]:
    """Return everybody's rank by score; equal scores share one, and the next is left out."""
    higher = sorted(scores.values(), reverse=True)
    return {who: higher.index(score) + 1 for who, score in scores.items()}


class Reason(StrEnum):
    """Why a trainee brings nothing; the catalogues say each in words."""

    NOT_SUBSIDISED = "not_subsidised"
    NOT_COMPLETED = "not_completed"
    ON_ESTABLISHMENT = "on_establishment"
    NOT_FIRST_CERTIFICATE = "not_first_certificate"
    PAID_THIS_YEAR = "paid_this_year"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class TraineeFacts:
    """One trainee of a session, as of `today`."""

    today: date
    completed_on: date | None = None
    is_on_establishment: bool = False
    had_certificate: bool = False
    brought_this_year: bool = False
    days: int = 0


@dataclass(frozen=True)
class Brought:
    """What a trainee brings: an amount, or every reason for none."""

    scheme: str
    amount_fen: int
    reasons: Sequence[Reason]


def bring(
    scheme: str, figures: Mapping[str, Any] | None, facts: TraineeFacts, *, claim_months: int
) -> Brought:
    """Return what the scheme of a course brings for a trainee, and else every reason why not."""
    if scheme == NONE or figures is None:
        return Brought(NONE, 0, [Reason.NOT_SUBSIDISED])
    reasons = list(_reasons(scheme, facts, claim_months))
    amount = 0 if reasons else _amount(figures, facts.days)
    if not reasons and amount == 0:
        reasons.append(Reason.NOT_COMPLETED)
    return Brought(scheme, amount, reasons)


def _reasons(scheme: str, facts: TraineeFacts, claim_months: int) -> Iterable[Reason]:
    if facts.completed_on is None:
        yield Reason.NOT_COMPLETED
    if facts.is_on_establishment:
        yield Reason.ON_ESTABLISHMENT
    if scheme == "first_certificate" and facts.had_certificate:
        yield Reason.NOT_FIRST_CERTIFICATE
    if facts.brought_this_year:
        yield Reason.PAID_THIS_YEAR
    if facts.completed_on and facts.today > months_after(facts.completed_on, claim_months):
        yield Reason.TOO_LATE


def _amount(figures: Mapping[str, Any], days: int) -> int:
    amount = int(figures["amount_fen"])
    if figures["per"] == "day":
        return amount * min(days, int(figures.get("most_days", days)))
    return amount


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
