"""Who gets a message of a step: the elder's phone, helpers who may apply, and the provider."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.homecare.beds.models import HomeBedMove
from server.homecare.models import HomeBed
from server.homecare.states import Move, Told
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

PHONES_OF_THE_ELDER = text(
    """
    SELECT DISTINCT a.phone, a.language FROM resident_grant g
      JOIN account a ON a.id = g.account_id AND a.closed_at IS NULL
     WHERE g.resident_id = :resident AND g.starts_on <= :today
       AND (g.ends_on IS NULL OR g.ends_on > :today)
       AND (g.kind = 'self' OR 'apply' = ANY (g.scopes))
     ORDER BY a.phone
    """
)
PHONES_OF_THE_PROVIDER = text(
    """
    SELECT DISTINCT s.phone, s.language FROM staff_role r
      JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE r.site_id = :site AND r.role = 'home_care_provider' AND r.starts_on <= :today
       AND (r.ends_on IS NULL OR r.ends_on > :today)
     ORDER BY s.phone
    """
)
OF_USE = timedelta(days=7)
TO_ELDERS, TO_PROVIDERS = "homecare.{step}", "homecare.provider_{step}"


def tell(session: Session, bed: HomeBed, move: Move, row: HomeBedMove) -> int:
    """Put messages of a step into the outbox; returns how many. Reaches everywhere already."""
    today = clock.today()
    asked: list[Asked] = []
    if Told.RESIDENT in move.tells:
        phones = {"resident": bed.resident_id, "today": today}
        found = session.connection().execute(PHONES_OF_THE_ELDER, phones).all()
        asked += _asked(TO_ELDERS, found, row)
    if Told.PROVIDER in move.tells and bed.site_id is not None:
        phones = {"site": bed.site_id, "today": today}
        found = session.connection().execute(PHONES_OF_THE_PROVIDER, phones).all()
        asked += _asked(TO_PROVIDERS, found, row)
    return ask_for_messages(session, asked)


def _asked(kind: str, phones: Sequence[Row[Any]], row: HomeBedMove) -> list[Asked]:
    return [
        Asked(
            phone=one.phone,
            language=one.language,
            channel=Channel.SMS,
            kind=kind.format(step=row.step.value),
            subject=f"home_bed_move:{row.id}",
            facts={},
            due_at=row.at,
            expires_at=row.at + OF_USE,
        )
        for one in phones
    ]
