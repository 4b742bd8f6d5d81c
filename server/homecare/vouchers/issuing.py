"""A month's amounts are issued to everybody who is entitled, as often as one likes."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.homecare.vouchers.knowing import facts_of_people, get_groups
from server.homecare.vouchers.models import Programme
from server.homecare.vouchers.needs import PersonFacts, unmet
from server.policies.queries import Figure, get_figures

CAP = "voucher.cap_fen"
WAITING = text(
    """
    SELECT e.id, e.resident_id, e.programme, e.gets_care_allowance FROM care_entitlement e
     WHERE e.state = 'granted' AND e.starts_on <= :month
       AND (CAST(:resident AS bigint) IS NULL OR e.resident_id = :resident)
       AND NOT EXISTS (SELECT 1 FROM care_allowance a
                        WHERE a.resident_id = e.resident_id AND a.programme = e.programme
                          AND a.month = :month)
     ORDER BY e.id
    """
).bindparams(bindparam("resident", type_=BigInteger))
ISSUE = text(
    """
    INSERT INTO care_allowance (entitlement_id, resident_id, programme, month, amount_fen,
                                reserved_fen, redeemed_fen, basis, issued_at)
    SELECT i.entitlement_id, i.resident_id, i.programme, :month, i.amount_fen, 0, 0, i.basis, :at
      FROM jsonb_to_recordset(CAST(:issued AS jsonb))
        AS i(entitlement_id bigint, resident_id bigint, programme text, amount_fen int, basis jsonb)
     ORDER BY i.resident_id, i.programme
    ON CONFLICT (resident_id, programme, month) DO NOTHING RETURNING id
    """
)


def issue_allowances(session: Session, *, resident_id: int | None = None) -> int:
    """Issue this month's amounts that are not there yet; returns how many. Harmless twice.

    Whoever does not meet the needs of the programme today gets none: a change of status stops what
    comes next month. Raises `RuleMissing`.
    """
    today = clock.today()
    month = today.replace(day=1)
    with reaching_everywhere(session):
        asked = {"month": month, "resident": resident_id}
        waiting = session.connection().execute(WAITING, asked).all()
        issued = _issued(session, waiting, today)
        values = {"month": month, "at": clock.now(), "issued": json.dumps(issued)}
        return len(session.connection().execute(ISSUE, values).all())


def _issued(session: Session, waiting: Sequence[Row[Any]], today: date) -> list[dict[str, Any]]:
    declared = {row.resident_id: False for row in waiting}
    declared |= {row.resident_id: True for row in waiting if row.gets_care_allowance}
    facts = facts_of_people(session, declared, on=today)
    figures = {CAP: get_figures(session, [CAP], on=today)[CAP], "": get_groups(session, on=today)}
    return [
        _allowance(row, facts[row.resident_id], figures)
        for row in waiting
        if not unmet(Programme(row.programme), facts[row.resident_id])
    ]


def _allowance(row: Row[Any], facts: PersonFacts, figures: Mapping[str, Figure]) -> dict[str, Any]:
    group = facts.group if row.programme == Programme.PURCHASED else None
    figure = figures[CAP] if group is None else figures[""]
    return {
        "entitlement_id": row.id,
        "resident_id": row.resident_id,
        "programme": row.programme,
        "amount_fen": int(figure.value) if group is None else group.monthly_fen,
        "basis": {"parameter": figure.parameter_id, "group": group.code if group else None},
    }
