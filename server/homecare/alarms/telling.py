"""What those who are called read on their phones. It is urgent: sent at any hour, or not at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlmodel import Session, col

from server import clock, masking
from server.homecare.alarms.models import CalleeKind
from server.i18n.catalogues import DEFAULT_LANGUAGE
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.residents.models import Resident

# Whoever reads it later is misled.
OF_USE = timedelta(minutes=30)
CALLED, NOBODY_CAME = "homecare.alarm_{kind}", "homecare.alarm_nobody_came"
PHONES_OF_PROVIDERS = text(
    """
    SELECT DISTINCT r.site_id, s.phone, s.language FROM staff_role r
      JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE r.site_id = ANY (:sites) AND r.role = 'home_care_provider' AND r.starts_on <= :today
       AND (r.ends_on IS NULL OR r.ends_on > :today)
     ORDER BY r.site_id, s.phone
    """
)


def tell_called(session: Session, called: Sequence[Row[Any]], *, at: datetime) -> int:
    """Put a message to everybody who was called now into the outbox; returns how many.

    Nobody can be told to call 120 but people: where it is 120's turn, the provider's are told.
    Reaches everywhere already.
    """
    names = _names(session, {row.resident_id for row in called})
    last = [row for row in called if row.callee == CalleeKind.EMERGENCY]
    phones = _phones(session, {row.site_id for row in last})
    asked = [_asked(row, names, row.phone, DEFAULT_LANGUAGE, at) for row in called if row.phone]
    asked += [
        _asked(row, names, one.phone, one.language, at)
        for row in last
        for one in phones[row.site_id]
    ]
    return ask_for_messages(session, asked)


def _asked(
    row: Row[Any], names: Mapping[int, str], phone: str, language: str, at: datetime
) -> Asked:
    kind = NOBODY_CAME if row.callee == CalleeKind.EMERGENCY else CALLED.format(kind=row.kind)
    since = row.raised_at.astimezone(clock.CITY)
    return Asked(
        phone=phone,
        language=language,
        channel=Channel.SMS,
        kind=kind,
        subject=f"home_alarm:{row.id}",
        facts={"name": names.get(row.resident_id, ""), "time": f"{since:%H:%M}"},
        due_at=at,
        expires_at=at + OF_USE,
    )


def _names(session: Session, resident_ids: set[int]) -> dict[int, str]:
    query = select(col(Resident.id), col(Resident.name)).where(col(Resident.id).in_(resident_ids))
    return {row.id: masking.name(row.name) for row in session.execute(query)}


def _phones(session: Session, site_ids: set[int]) -> Mapping[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    if site_ids:
        values = {"sites": list(site_ids), "today": clock.today()}
        for row in session.connection().execute(PHONES_OF_PROVIDERS, values):
            found[row.site_id].append(row)
    return found
