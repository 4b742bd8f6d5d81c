"""What somebody's offices reach of allowances, and how a month is told on the page."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, false, or_
from sqlmodel import Session

from admin.words import word
from server import clock
from server.caregivers.allowances import wording
from server.caregivers.allowances.days import months_after
from server.db.sessions import actor_of
from server.identity.roles import reach_of
from server.providers.queries import within

SEE, RECKON = "caregivers.see", "caregivers.reckon"
CLAIM, DECIDE = "caregivers.claim", "caregivers.decide-claims"


def scope(session: Session, permission: str = SEE) -> ColumnElement[bool]:
    """Return the condition on `Site` of what the actor's offices reach."""
    reach = reach_of(actor_of(session), permission)
    return or_(within(reach.prefixes, reach.site_ids), false())


def last_month() -> date:
    """Return the first day of the month before this one."""
    return months_after(clock.today().replace(day=1), -1)


def pairs(kind: str, codes: Iterable[Enum]) -> list[tuple[str, str]]:
    """Return codes with their words, for a choice."""
    return [(str(code.value), word(kind, code)) for code in codes]


def against(row: Row[Any]) -> list[dict[str, Any]]:
    """Return the reasons that speak against the row."""
    return [one for one in row.reasons if not one["holds"]]


def said(row: Row[Any]) -> str:
    """Return why not, in one line."""
    return "；".join(wording.reason_sentence(one) for one in against(row))
