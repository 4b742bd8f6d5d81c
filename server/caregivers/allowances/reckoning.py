"""Entitlements are frozen: what came out before stays, and is superseded where it comes out anew.

A run over unchanged facts changes nothing, so that it may be run as often as one likes. Two that
run at once wait for one another at the caregivers they share.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, bindparam, func, insert, select, text, update
from sqlmodel import Session

from server import clock
from server.caregivers.allowances.days import last_of_month, months_after
from server.caregivers.allowances.given import Known, Verdict
from server.caregivers.allowances.knowing import find_known, find_rulebook, list_at_work
from server.caregivers.allowances.models import CaregiverEntitlement, Standing
from server.caregivers.allowances.rulebook import Rulebook
from server.caregivers.allowances.rules import judge_all_steps, judge_month
from server.db.sessions import reaching_everywhere
from server.db.tables import table_of

# Attendance of a month is told late: so many months back are looked at again.
MONTHS_BACK = 3
# Who left is reckoned for so long, so that an instalment reached on the last days is not lost.
LEFT_LATELY = timedelta(days=92)
# Instalments are numbered; a period of four letters and more is a year or a month.
A_YEARS_LETTERS = 4
HOLD = text(
    "SELECT id FROM caregiver WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE"
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)))

Key = tuple[int, str, str]


def reckon_site(session: Session, site_id: int, months: Sequence[date] | None = None) -> int:
    """Reckon everybody who works at the site; returns how many entitlements are new or changed.

    Raises `AllowanceRuleUnreadable`.
    """
    wanted = list(months or months_to_reckon(clock.today()))
    with reaching_everywhere(session):
        first, last = min(wanted) - LEFT_LATELY, last_of_month(max(wanted))
        people = list_at_work(session, site_id, first=first, last=last)
    return reckon(session, people, wanted)


def reckon(session: Session, caregiver_ids: Sequence[int], months: Sequence[date]) -> int:
    """Reckon these months of these caregivers, and all their instalments as of today."""
    if not caregiver_ids:
        return 0
    with reaching_everywhere(session):
        session.connection().execute(HOLD, {"ids": list(caregiver_ids)})
        rulebook, today = find_rulebook(session), clock.today()
        verdicts = {
            (one.caregiver_id, verdict.programme.value, verdict.period): verdict
            for one in find_known(session, caregiver_ids)
            for verdict in _judged(one, rulebook, months, today)
        }
        return _freeze(session, caregiver_ids, months, verdicts)


def months_to_reckon(today: date) -> list[date]:
    """Return the months before this one that are looked at again."""
    this = today.replace(day=1)
    return [months_after(this, -back) for back in range(1, MONTHS_BACK + 1)]


def entitlement_of(caregiver_id: int, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as it is written down."""
    return {
        "caregiver_id": caregiver_id,
        "site_id": verdict.site_id,
        "programme": verdict.programme,
        "period": verdict.period,
        "month": verdict.month,
        "due_on": verdict.due_on,
        "state": standing_of(verdict),
        "amount_fen": verdict.amount_fen,
        "standard_fen": verdict.standard_fen,
        "band": verdict.band,
        "reasons": verdict.told,
        "rests_on_digest": verdict.digest,
    }


def standing_of(verdict: Verdict) -> Standing:
    if verdict.is_ahead:
        return Standing.AHEAD
    return Standing.ENTITLED if verdict.is_entitled else Standing.NOT_ENTITLED


def _judged(
    known: Known, rulebook: Rulebook, months: Sequence[date], today: date
) -> Iterable[Verdict]:
    for month in months:
        yield from judge_month(known, rulebook, month, as_of=today)
    yield from judge_all_steps(known, rulebook, as_of=today)


def _freeze(
    session: Session,
    caregiver_ids: Sequence[int],
    months: Sequence[date],
    verdicts: Mapping[Key, Verdict],
) -> int:
    periods = {f"{month:%Y-%m}" for month in months} | {period for _, _, period in verdicts}
    held = _held(session, caregiver_ids, periods)
    changed = {
        key: verdict
        for key, verdict in verdicts.items()
        if key not in held or bytes(held[key].rests_on_digest) != verdict.digest
    }
    gone = [held[key].id for key in held if key in changed or key not in verdicts]
    table, now = table_of(CaregiverEntitlement), clock.now()
    if gone:
        over = update(table).where(table.c.id.in_(gone)).values(superseded_at=now)
        session.connection().execute(over)
    if changed:
        rows = [
            entitlement_of(key[0], verdict) | {"reckoned_at": now, "superseded_at": None}
            for key, verdict in changed.items()
        ]
        session.connection().execute(insert(table), rows)
    return len(changed.keys() | {key for key in held if key not in verdicts})


def _held(
    session: Session, caregiver_ids: Sequence[int], periods: Iterable[str]
) -> dict[Key, Row[Any]]:
    """What holds of these periods, and of everything that is paid once."""
    table = table_of(CaregiverEntitlement)
    query: Any = select(
        table.c.id, table.c.caregiver_id, table.c.programme, table.c.period, table.c.rests_on_digest
    ).where(
        table.c.caregiver_id.in_(caregiver_ids),
        table.c.superseded_at.is_(None),
        table.c.period.in_(sorted(periods)) | (func.length(table.c.period) < A_YEARS_LETTERS),
    )
    rows = session.connection().execute(query)
    return {(row.caregiver_id, str(row.programme), row.period): row for row in rows}
