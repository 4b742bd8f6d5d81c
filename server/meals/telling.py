"""Who hears of a meal: the elder's own phone, and helpers who may book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

OF_USE = timedelta(days=2)
PHONES = text(
    """
    SELECT DISTINCT g.resident_id, a.phone, a.language FROM resident_grant g
      JOIN account a ON a.id = g.account_id AND a.closed_at IS NULL
     WHERE g.resident_id = ANY(:residents) AND g.starts_on <= :today
       AND (g.ends_on IS NULL OR g.ends_on > :today)
       AND (g.kind = 'self' OR 'book_meals' = ANY (g.scopes))
     ORDER BY g.resident_id, a.phone
    """
)
SITTINGS = text(
    """
    SELECT s.id, s.service_on, s.serves_from, t.name AS canteen FROM sitting s
      JOIN site t ON t.id = s.canteen_id WHERE s.id = ANY(:sittings) ORDER BY s.id
    """
)


@dataclass(frozen=True)
class Told:
    """One thing that the phones around a resident hear, once for each `subject`.

    The sentence may use `{canteen}` and `{time}` of the sitting, and `facts`.
    """

    kind: str
    subject: str
    resident_id: int
    facts: Mapping[str, str]
    sitting_id: int | None = None
    expires_at: datetime | None = None


def tell(session: Session, news: Sequence[Told]) -> int:
    """Ask for the messages of all of them at once; returns how many were new."""
    if not news:
        return 0
    with reaching_everywhere(session):
        phones = _phones(session, {one.resident_id for one in news})
        sittings = _sittings(session, {one.sitting_id for one in news if one.sitting_id})
    asked = [
        _asked(one, row, sittings.get(one.sitting_id or 0, {}))
        for one in news
        for row in phones.get(one.resident_id, [])
    ]
    return ask_for_messages(session, asked) if asked else 0


def _phones(session: Session, residents: set[int]) -> Mapping[int, list[Row[Any]]]:
    values = {"residents": sorted(residents), "today": clock.today()}
    found: dict[int, list[Row[Any]]] = {}
    for row in session.connection().execute(PHONES, values):
        found.setdefault(row.resident_id, []).append(row)
    return found


def _sittings(session: Session, sittings: set[int]) -> Mapping[int, dict[str, str]]:
    rows = session.connection().execute(SITTINGS, {"sittings": sorted(sittings)})
    return {
        row.id: {
            "canteen": row.canteen,
            "time": f"{row.service_on:%m-%d} {row.serves_from:%H:%M}",
        }
        for row in rows
    }


def _asked(one: Told, row: Row[Any], sitting: Mapping[str, str]) -> Asked:
    return Asked(
        phone=row.phone,
        language=row.language,
        channel=Channel.SMS,
        kind=one.kind,
        subject=one.subject,
        facts={**sitting, **one.facts},
        due_at=clock.now(),
        expires_at=one.expires_at or clock.now() + OF_USE,
    )
