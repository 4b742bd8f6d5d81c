"""What is owed back: by the negative lines of a difference run, or by a finding that is true."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.types import Date
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.findings.models import FindingState
from server.findings.queries import lock_finding
from server.subsidies import books
from server.subsidies.recoveries.errors import FindingNotTrue, RecoveryTooLarge
from server.subsidies.recoveries.rules import Owed
from server.subsidies.recoveries.telling import tell_of_owed

# Whoever was paid owes: the payee of the programme; of an elder who was merged, the kept one.
ROWS = """
    INSERT INTO subsidy_recovery (payee_kind, payee_id, site_id, division_code, programme, reason,
           of_run_id, of_number, run_id, number, finding_id, amount_fen, most_percent, made_at,
           made_by, words)
    SELECT v.content ->> 'payee',
           CASE v.content ->> 'payee' WHEN 'site' THEN l.site_id WHEN 'caregiver'
                THEN l.caregiver_id ELSE {kept} END,
           l.site_id, r.division_code, r.programme, {facts},
           (v.content -> 'recovery' ->> 'most_percent')::int, :now, :by, :words
      FROM subsidy_line l
      JOIN subsidy_run r ON r.id = l.run_id
      JOIN policy_version v ON v.id = r.version_id
      LEFT JOIN resident p ON p.id = l.resident_id
      {given}
     WHERE {which}
     ORDER BY l.run_id, l.number
    RETURNING id, amount_fen, division_code
"""
TRUE = (FindingState.TRUE, FindingState.RECOVERING, FindingState.CLOSED)
KEPT = "CASE WHEN p.merged_into_id IS NULL THEN l.resident_id ELSE kept_of(l.resident_id) END"
# The line that is taken back. A case that nobody knew of at first has none: then the first
# correction that gave it stands for it.
GIVEN = """LEFT JOIN LATERAL (
          SELECT g.run_id, g.number
            FROM subsidy_line g JOIN subsidy_run s ON s.id = g.run_id
                 AND s.stage IN ('in_payment', 'paid')
           WHERE l.of_number IS NULL AND g.of_run_id = l.of_run_id AND g.of_number IS NULL
             AND g.amount_fen > 0
             AND (g.site_id = l.site_id OR v.content ->> 'payee' <> 'site')
             AND (g.beneficiary_id, g.month, g.part) = (l.beneficiary_id, l.month, l.part)
           ORDER BY g.run_id, g.number LIMIT 1) g ON true"""
OF_A_RUN = text(
    ROWS.format(
        kept=KEPT,
        given=GIVEN,
        facts="'difference',"
        " CASE WHEN l.of_number IS NULL THEN coalesce(g.run_id, l.run_id) ELSE l.of_run_id END,"
        " coalesce(l.of_number, g.number, l.number), l.run_id, l.number, NULL, -l.amount_fen",
        which="l.run_id = :run AND l.amount_fen < 0 AND NOT is_held_out(l.run_id, l.number)"
        " AND NOT is_held_out(l.of_run_id, l.of_number)",
    )
)
# A finding speaks of its own lines; one of another kind, of lines of its elder or its site.
SPEAKS_OF_IT = """EXISTS (
          SELECT 1 FROM finding f WHERE f.id = :finding AND CASE
                 WHEN EXISTS (SELECT 1 FROM finding_line n WHERE n.finding_id = f.id)
                 THEN EXISTS (SELECT 1 FROM finding_line n WHERE n.finding_id = f.id
                                 AND n.run_id = l.run_id AND n.number = l.number)
                 ELSE f.resident_id = l.resident_id OR f.site_id = l.site_id END)"""
IS_PAID = """EXISTS (
          SELECT 1 FROM subsidy_payment_line x JOIN subsidy_payment y ON y.id = x.payment_id
           WHERE x.run_id = l.run_id AND x.number = l.number AND x.is_live AND y.state = 'paid')"""
OF_A_FINDING = text(
    ROWS.format(
        kept=KEPT,
        given="",
        facts="'finding', CASE WHEN l.of_number IS NULL THEN l.run_id ELSE l.of_run_id END,"
        " coalesce(l.of_number, l.number), NULL, NULL, CAST(:finding AS bigint),"
        " CAST(:fen AS bigint)",
        which="l.run_id = :run AND l.number = :number AND l.outcome = 'due'"
        f" AND {SPEAKS_OF_IT} AND {IS_PAID}",
    )
)
OWED = text(
    """
    SELECT r.id, r.most_percent, k.payee_id,
           r.amount_fen - r.netted_fen - r.received_fen - r.written_off_fen AS left_fen
      FROM subsidy_recovery r
      LEFT JOIN resident e ON r.payee_kind = 'resident' AND e.id = r.payee_id
     CROSS JOIN LATERAL (SELECT CASE WHEN e.merged_into_id IS NULL THEN r.payee_id
                                     ELSE kept_of(r.payee_id) END AS payee_id) k
     WHERE r.most_percent IS NOT NULL AND r.payee_kind = :kind AND k.payee_id = ANY(:payees)
       AND starts_with(r.division_code, :city)
       AND r.amount_fen > r.netted_fen + r.received_fen + r.written_off_fen
       AND (r.deferred_until IS NULL OR r.deferred_until <= :day)
     ORDER BY r.id
       FOR UPDATE OF r
    """
).bindparams(bindparam("day", type_=Date))
UNDO = text(
    """
    INSERT INTO subsidy_recovery_entry
           (recovery_id, kind, amount_fen, payment_id, receipt, on_day, at, by)
    SELECT recovery_id, 'netted', -amount_fen, payment_id, '', :day, :now, :by
      FROM subsidy_recovery_entry
     WHERE payment_id = ANY(:payments) AND amount_fen > 0
     ORDER BY id
    RETURNING recovery_id, -amount_fen AS amount_fen
    """
)


def take_back_of_run(session: Session, run_id: int) -> int:
    """Let every negative line of a run be owed back; returns how many.

    The caller reaches everywhere. Raises `RecoveryTooLarge`.
    """
    rows = _put(session, OF_A_RUN, {"run": run_id, "words": ""})
    return len(rows)


def take_back_of_finding(
    session: Session, *, finding_id: int, run_id: int, number: int, fen: int, words: str
) -> int:
    """Let so much of a line be owed back, since a finding is true; returns the recovery's number.

    A line of which the finding does not speak, or that was not paid, is not found. Raises
    `FindingNotTrue`, `RecoveryTooLarge`, `NotFound`.
    """
    if lock_finding(session, finding_id).state not in TRUE:
        raise FindingNotTrue()
    told = {"run": run_id, "number": number, "fen": fen, "finding": finding_id}
    with reaching_everywhere(session):
        rows = _put(session, OF_A_FINDING, told | {"words": words.strip()})
    if not rows:
        raise NotFound()
    return int(rows[0].id)


def owed_by(
    session: Session, kind: str, payee_ids: Sequence[int], *, city: str, day: date
) -> Mapping[int, list[Owed]]:
    """Return payee → what may be netted of their payments, the oldest first, held till the end."""
    asked = {"kind": kind, "payees": list(payee_ids), "city": city, "day": day}
    found: dict[int, list[Owed]] = {}
    for row in session.connection().execute(OWED, asked):
        owed = Owed(row.id, row.left_fen, row.most_percent)
        found.setdefault(row.payee_id, []).append(owed)
    return found


def undo_netting(session: Session, payment_ids: Sequence[int]) -> dict[int, int]:
    """Owe again what was netted from payments that came to nothing; returns recovery → fen."""
    told = {"payments": list(payment_ids), "day": clock.today(), "now": clock.now()}
    told["by"] = actor_of(session).staff_id
    undone: dict[int, int] = {}
    for row in session.connection().execute(UNDO, told):
        undone[row.recovery_id] = undone.get(row.recovery_id, 0) + row.amount_fen
    return undone


def _put(session: Session, statement: Any, told: Mapping[str, Any]) -> Sequence[Row[Any]]:
    who = {"now": clock.now(), "by": actor_of(session).staff_id}
    with refusing(session, {"ck_subsidy_recovery_within_the_line": RecoveryTooLarge()}):
        rows = session.connection().execute(statement, {**told, **who}).all()
    if rows:
        made = [books.recovery_made(row.id, row.amount_fen) for row in rows]
        books.enter(session, rows[0].division_code, *made)
        tell_of_owed(session, [row.id for row in rows])
    return rows
