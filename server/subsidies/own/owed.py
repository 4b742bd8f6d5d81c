"""What an elder or a caregiver owes back: why, what is left of it, and how much a payment it takes.

What the next payment gives up is told by the last one, and by the rule by which it is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.errors import NotFound
from server.policies.programmes.schema import Programme
from server.subsidies.own.lines import Whose
from server.subsidies.reckoning.explaining import Said, in_brief
from server.subsidies.reckoning.lines import case_of, get_line
from server.subsidies.reckoning.wording import clause_words
from server.subsidies.recoveries.models import RecoveryReason
from server.subsidies.recoveries.rules import Owed, netted

MOST = 200
THEIRS = """(payee_kind = 'resident' AND payee_id = ANY (:residents)
             OR payee_kind = 'caregiver' AND payee_id = :caregiver)"""
# A line may be about a number that was merged away: it is looked at as far as it is seen.
RECOVERIES = text(
    f"""
    SELECT r.*, r.amount_fen - r.netted_fen - r.received_fen - r.written_off_fen AS left_fen,
           coalesce(l.month, n.first_month) AS month, n.version_id,
           v.content -> 'name' AS programme_name, coalesce(e.name, c.name, '') AS person_name,
           coalesce(d.name, '') AS office_name, length(r.division_code) AS office_digits
      FROM (SELECT * FROM subsidy_recovery WHERE {THEIRS}) r
      JOIN subsidy_run n ON n.id = r.of_run_id
      JOIN policy_version v ON v.id = n.version_id
      LEFT JOIN subsidy_line l ON l.run_id = r.of_run_id AND l.number = r.of_number
      LEFT JOIN resident e ON r.payee_kind = 'resident' AND e.id = r.payee_id
      LEFT JOIN caregiver c ON r.payee_kind = 'caregiver' AND c.id = r.payee_id
      LEFT JOIN division d ON d.code = r.division_code
     ORDER BY r.amount_fen > r.netted_fen + r.received_fen + r.written_off_fen DESC, r.id DESC
     LIMIT {MOST}
    """
)
LAST_PAID = text(
    f"""
    SELECT DISTINCT ON (payee_kind, payee_id) payee_kind, payee_id, gross_fen FROM subsidy_payment
     WHERE state <> 'cancelled' AND {THEIRS}
     ORDER BY payee_kind, payee_id, id DESC
    """
)


def list_owed(session: Session, whose: Whose) -> Sequence[Row[Any]]:
    """Return what they owe or owed, what is still open first, then the latest."""
    return session.connection().execute(RECOVERIES, _asked(whose)).all()


def get_owed(rows: Iterable[Row[Any]], recovery_id: int) -> Row[Any]:
    """Return one of `list_owed`; raises `NotFound`."""
    for row in rows:
        if row.id == recovery_id:
            return row
    raise NotFound()


def next_taken(session: Session, whose: Whose, rows: Sequence[Row[Any]]) -> Mapping[int, int]:
    """Return recovery → fen that a payment as large as the last one would give up for it."""
    paid = session.connection().execute(LAST_PAID, _asked(whose)).all()
    last = {(one.payee_kind, one.payee_id): one.gross_fen for one in paid}
    found: dict[int, int] = {}
    in_order = sorted(rows, key=lambda row: (*_payee(row), row.id))
    for payee, theirs in groupby(in_order, key=_payee):
        found |= netted(last.get(payee, 0), list(_taken_now(theirs, clock.today())))
    return found


def why_owed(session: Session, whose: Whose, row: Row[Any]) -> Sequence[Said]:
    """Return in few sentences why it is owed: what changed, or what was found."""
    if row.reason == RecoveryReason.FINDING:
        return [Said(row.words)] if row.words else []
    line = get_line(session, row.run_id, row.number, whose.lines)
    return in_brief(case_of(session, line))


def limit_clause(programme: Programme) -> str:
    """Return what the limit of a payment rests on, empty where there is none."""
    return clause_words(programme, programme.recovery) if programme.recovery else ""


def _taken_now(rows: Iterable[Row[Any]], today: date) -> Iterable[Owed]:
    for row in rows:
        rests = row.deferred_until is not None and row.deferred_until > today
        if row.left_fen > 0 and row.most_percent is not None and not rests:
            yield Owed(row.id, row.left_fen, row.most_percent)


def _payee(row: Row[Any]) -> tuple[str, int]:
    return row.payee_kind, row.payee_id


def _asked(whose: Whose) -> dict[str, Any]:
    return {"residents": list(whose.resident_ids), "caregiver": whose.caregiver_id}
