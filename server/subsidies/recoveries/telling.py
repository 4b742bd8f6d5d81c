"""An elder's phones and a caregiver's are told that something of what was paid is owed back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import masking
from server.i18n.money import in_yuan
from server.subsidies.phones import tell_phones, to_phones_of

TOLD = to_phones_of(
    "subsidy_recovery",
    """
    SELECT p.id, p.amount_fen, coalesce(e.name, k.name) AS name,
           v.content -> 'name' ->> 'zh' AS zh, v.content -> 'name' ->> 'en' AS en,
           a.id AS account_id, a.phone, a.language
      FROM phones t JOIN payees p ON p.id = t.id
      JOIN subsidy_run r ON r.id = p.of_run_id JOIN policy_version v ON v.id = r.version_id
      JOIN account a ON a.id = t.account_id AND a.closed_at IS NULL
      LEFT JOIN resident e ON p.payee_kind = 'resident' AND e.id = p.payee_id
      LEFT JOIN caregiver k ON p.payee_kind = 'caregiver' AND k.id = p.payee_id
     ORDER BY p.id, a.id
    """,
)


def tell_of_owed(session: Session, recovery_ids: Sequence[int]) -> int:
    """Put a message about each into the outbox; returns how many are new."""
    return tell_phones(session, TOLD, recovery_ids, _said)


def _said(row: Row[Any]) -> tuple[str, str, dict[str, str]]:
    facts = {"name": masking.name(row.name), "amount": in_yuan(row.amount_fen)}
    return "subsidies.owed_back", f"subsidy_recovery:{row.id}", facts
