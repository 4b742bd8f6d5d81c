"""Which phones hear of somebody's money: one's own, and those who may ask for an elder."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

OF_USE = timedelta(days=5)
AT_ONCE = 1000
# Sites are told on the console; whoever has no phone here hears of it by the bank or the window.
PHONES = """
    WITH payees AS (SELECT * FROM {table} WHERE id = ANY (:ids)), phones AS (
        SELECT p.id, g.account_id FROM payees p
          JOIN resident_grant g ON p.payee_kind = 'resident' AND g.resident_id = p.payee_id
           AND g.starts_on <= :today AND (g.ends_on IS NULL OR g.ends_on > :today)
           AND (g.kind = 'self' OR 'apply' = ANY (g.scopes))
         UNION
        SELECT p.id, k.account_id FROM payees p
          JOIN caregiver k ON p.payee_kind = 'caregiver' AND k.id = p.payee_id
    )
"""


def to_phones_of(table: str, told: str) -> TextClause:
    """Return a statement over `payees`, rows of a table that names payees by kind and number, and
    `phones`, their accounts. The names of tables come from here alone, never from outside."""
    return text(PHONES.format(table=table) + told)


def tell_phones(
    session: Session,
    statement: TextClause,
    ids: Sequence[int],
    say: Callable[[Row[Any]], tuple[str, str, dict[str, str]]],
) -> int:
    """Put a message for each row into the outbox; returns how many are new.

    `say` gives its kind, what it is about, and its facts.
    """
    asked = {"ids": list(ids), "today": clock.today()}
    with reaching_everywhere(session):
        rows = session.connection().execute(statement, asked).all()
        return sum(
            ask_for_messages(
                session, [_asked(row, *say(row)) for row in rows[first : first + AT_ONCE]]
            )
            for first in range(0, len(rows), AT_ONCE)
        )


def _asked(row: Row[Any], kind: str, subject: str, facts: dict[str, str]) -> Asked:
    now = clock.now()
    return Asked(
        phone=row.phone,
        language=row.language,
        channel=Channel.SMS,
        kind=kind,
        subject=subject,
        facts={**facts, "programme": row.en if row.language == "en" else row.zh},
        due_at=now,
        expires_at=now + OF_USE,
        account_id=row.account_id,
    )
