"""Phones of elders and caregivers are told that money was paid, or that the bank sent it back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import masking
from server.i18n.money import in_yuan
from server.subsidies.phones import tell_phones, to_phones_of

TOLD = to_phones_of(
    "subsidy_payment",
    """
    SELECT p.id, p.state, p.payee_name, p.amount_fen, p.last_four,
           a.id AS account_id, a.phone, a.language, string_agg(DISTINCT v.zh, '、') AS zh,
           string_agg(DISTINCT v.en, ', ') AS en
      FROM phones t JOIN payees p ON p.id = t.id
      JOIN account a ON a.id = t.account_id AND a.closed_at IS NULL
      JOIN subsidy_payment_line l ON l.payment_id = p.id
      JOIN subsidy_run r ON r.id = l.run_id
      JOIN LATERAL (SELECT content -> 'name' ->> 'zh' AS zh, content -> 'name' ->> 'en' AS en
                      FROM policy_version WHERE id = r.version_id) v ON true
     WHERE p.state IN ('paid', 'failed') AND p.amount_fen > 0
     GROUP BY p.id, p.state, p.payee_name, p.amount_fen, p.last_four, a.id, a.phone, a.language
     ORDER BY p.id, a.id
    """,
)


def tell_of_settled(session: Session, payment_ids: Sequence[int]) -> int:
    """Put messages about payments the bank has answered into the outbox; returns how many are new.

    What was paid and then came back is told a second time, as what it is by then.
    """
    return tell_phones(session, TOLD, payment_ids, _said)


def _said(row: Row[Any]) -> tuple[str, str, dict[str, str]]:
    facts = {
        "name": masking.name(row.payee_name),
        "amount": in_yuan(row.amount_fen),
        "account": row.last_four,
    }
    return f"subsidies.payment_{row.state}", f"subsidy_payment:{row.id}", facts
