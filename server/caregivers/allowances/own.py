"""What a caregiver is told on the phone: reckoned from what is known now, and not written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from server import clock
from server.caregivers.allowances.given import Verdict
from server.caregivers.allowances.knowing import find_known, find_rulebook
from server.caregivers.allowances.rules import judge_all_steps, judge_month
from server.errors import NotFound


@dataclass(frozen=True)
class OwnAllowances:
    """The present month so far, the months of this year that are over, and every instalment."""

    month: Sequence[Verdict]
    months: Sequence[Verdict]
    steps: Sequence[Verdict]
    year: int
    year_fen: int


def own_allowances(session: Session, caregiver_id: int) -> OwnAllowances:
    """Return what somebody is entitled to as of now. Raises `NotFound`."""
    found = find_known(session, [caregiver_id])
    if not found:
        raise NotFound()
    known, rulebook, today = found[0], find_rulebook(session), clock.today()
    this = today.replace(day=1)
    over = [
        verdict
        for month in range(this.month - 1, 0, -1)
        for verdict in judge_month(known, rulebook, date(today.year, month, 1), as_of=today)
    ]
    return OwnAllowances(
        judge_month(known, rulebook, this, as_of=today),
        over,
        judge_all_steps(known, rulebook, as_of=today),
        today.year,
        sum(one.amount_fen for one in over),
    )
