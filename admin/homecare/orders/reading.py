"""Which orders somebody reaches, and which month is looked at."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session, col

from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.homecare.orders.quoting import month_of
from server.identity.roles import reach_of
from server.providers.queries import within
from server.residents.models import Resident

SEE, ORDER, KEEP = "homecare.see-orders", "homecare.order", "homecare.keep-visits"


def scope(session: Session, permission: str = SEE) -> ColumnElement[bool]:
    """Return the condition on `Site` and `Resident` of what the actor's offices reach."""
    reach = reach_of(actor_of(session), permission)
    lives = (col(Resident.village_code).startswith(one, autoescape=True) for one in reach.prefixes)
    return or_(within(reach.prefixes, reach.site_ids), false(), *lives)


def own_sites(session: Session, permission: str) -> Sequence[int]:
    """Return the provider's sites at which the actor holds the permission; offices have none."""
    return list(reach_of(actor_of(session), permission).site_ids)


def this_month() -> date:
    """Return the first day of the present month."""
    return month_of(clock.today())


def last_month() -> date:
    """Return the first day of the month before."""
    return month_of(this_month() - timedelta(days=1))


def pairs(kind: str, codes: Iterable[Enum]) -> list[tuple[str, str]]:
    """Return codes with their words, for a choice."""
    return [(str(code.value), word(kind, code)) for code in codes]
