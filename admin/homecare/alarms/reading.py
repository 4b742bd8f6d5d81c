"""Calls for help as the desk shows them: whole where one answers for them, masked elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock, masking
from server.db.sessions import actor_of
from server.homecare.alarms import queries
from server.homecare.alarms.answering import ANSWER
from server.homecare.alarms.models import AlarmState
from server.homecare.alarms.queries import Wanted
from server.homecare.alarms.rules import ANSWER as SECONDS
from server.homecare.alarms.rules import minutes_and_seconds, waited
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.policies.queries import get_figures

SPAN = timedelta(days=29)


@dataclass(frozen=True)
class Shown:
    """An alarm with what happened; `is_mine` where the actor's own provider answers for it."""

    row: Row[Any]
    steps: Sequence[Row[Any]]
    is_mine: bool
    now: datetime

    @property
    def is_open(self) -> bool:
        return self.row.state is not AlarmState.CLOSED

    @property
    def is_nobodys(self) -> bool:
        return self.row.acknowledged_at is None

    @property
    def is_forsaken(self) -> bool:
        """Everybody was called, and nobody came."""
        return self.is_nobodys and self.row.next_at is None and self.row.calls > 0

    @property
    def name(self) -> str:
        name = self.row.resident_name
        if name is None:
            return _("not known")
        return name if self.is_mine else masking.name(name)

    @property
    def where(self) -> str:
        """The way there, for whoever goes while it is open; the village alone for others."""
        village = self.row.village_name or ""
        goes = self.is_mine and self.is_open and self.row.resident_address
        return self.row.resident_address if goes else village

    @property
    def phone(self) -> str | None:
        phone: str | None = self.row.resident_phone
        return phone if self.is_mine and self.is_open else None

    @property
    def waited(self) -> str:
        """How long until somebody had it in hand, or since when nobody has."""
        return minutes_and_seconds(
            waited(self.row.raised_at, self.row.acknowledged_at, now=self.now)
        )

    def name_of(self, step: Row[Any]) -> str:
        """Who was called: whole for the provider, masked for who looks on."""
        name: str = step.name
        return name if self.is_mine or not name else masking.name(name)

    def phone_of(self, step: Row[Any]) -> str:
        phone: str = step.phone
        return phone if self.is_mine and self.is_open else ""


def shown(session: Session, rows: Sequence[Row[Any]]) -> list[Shown]:
    """Return the alarms with their steps, in their order."""
    own = set(reach_of(actor_of(session), ANSWER).site_ids)
    steps: Mapping[int, list[Row[Any]]] = defaultdict(list)
    for step in queries.steps_of(session, [row.id for row in rows]):
        steps[step.alarm_id].append(step)
    now = clock.now()
    return [Shown(row, steps[row.id], row.site_id in own, now) for row in rows]


def in_time_within(session: Session) -> int:
    """Return the seconds in which somebody is to have it in hand."""
    seconds: int = get_figures(session, [SECONDS], on=clock.today())[SECONDS].value
    return seconds


def wanted_of(filters: Mapping[str, Any]) -> Wanted:
    """Return what the filters of an address ask for."""
    last = filters["until"] or clock.today()
    first = filters["since"] or last - SPAN
    rest = {name: filters.get(name) for name in ("kind", "outcome", "answered")}
    return Wanted(first, last, site_id=filters.get("site"), **rest)


def as_asked(wanted: Wanted) -> dict[str, str]:
    """Return the filters as an address says them again."""
    said = {
        "since": wanted.first.isoformat(),
        "until": wanted.last.isoformat(),
        "site": str(wanted.site_id) if wanted.site_id else None,
        "kind": wanted.kind.value if wanted.kind else None,
        "outcome": wanted.outcome.value if wanted.outcome else None,
        "answered": wanted.answered.value if wanted.answered else None,
    }
    return {name: value for name, value in said.items() if value is not None}
