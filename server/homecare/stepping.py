"""What the steps of every life have in common: by when, what comes next, who is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.homecare.lives import Facts, Life, Move, Need, State, Step, Told
from server.identity.roles import may
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.places.workdays import workday_after
from server.policies.queries import get_figures

PHONES = {
    Told.RESIDENT: text(
        """
        SELECT DISTINCT a.phone, a.language FROM resident_grant g
          JOIN account a ON a.id = g.account_id AND a.closed_at IS NULL
         WHERE g.resident_id = :resident AND g.starts_on <= :today
           AND (g.ends_on IS NULL OR g.ends_on > :today)
           AND (g.kind = 'self' OR 'apply' = ANY (g.scopes))
         ORDER BY a.phone
        """
    ),
    Told.PROVIDER: text(
        """
        SELECT DISTINCT s.phone, s.language FROM staff_role r
          JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
         WHERE r.site_id = :site AND r.role = 'home_care_provider' AND r.starts_on <= :today
           AND (r.ends_on IS NULL OR r.ends_on > :today)
         ORDER BY s.phone
        """
    ),
}
OF_USE = timedelta(days=7)


@dataclass(frozen=True)
class Outlook(Generic[State, Step, Need]):
    """`move` is None where nothing is waited for; `is_mine` where the actor may take it."""

    move: Move[State, Step, Need] | None
    missing: list[Need]
    is_mine: bool


@dataclass(frozen=True)
class Taken:
    """A step that was taken: about whom, at which provider, what it is called, when."""

    resident_id: int
    site_id: int | None
    step: StrEnum
    subject: str
    at: datetime


def look_ahead(
    session: Session,
    life: Life[State, Step, Need, Facts],
    state: State,
    facts: Callable[[], Facts],
) -> Outlook[State, Step, Need]:
    """Return what comes next in a state; `facts` is asked where something is waited for."""
    step = life.next_step.get(state)
    if step is None:
        return Outlook(None, [], False)
    move = life.moves[step]
    is_mine = any(may(actor_of(session), one) for one in move.permissions)
    return Outlook(move, life.missing_before(step, facts()), is_mine)


def due_on(session: Session, figure: str, state: StrEnum, today: date) -> date | None:
    """Return by when a state is to be left, in working days of the dated `figure`.

    None for a state that may last.
    """
    days = get_figures(session, [figure], on=today)[figure].value.get(state.value)
    return workday_after(today, days) if days else None


def who_and_today(session: Session) -> dict[str, object]:
    """Return what a statement writes beside a step: `staff` or `account`, and `today`."""
    actor = actor_of(session)
    return {"staff": actor.staff_id, "account": actor.account_id, "today": clock.today()}


def tell(
    session: Session, move: Move[Any, Any, Any], taken: Taken, kinds: Mapping[Told, str]
) -> int:
    """Put messages of a step into the outbox; returns how many. Reaches everywhere already.

    `kinds` names the message for each who can be told by telephone, with `{step}` in it.
    """
    asked = [
        asked
        for told in move.tells
        if told in kinds
        for asked in _messages(session, told, taken, kinds[told].format(step=taken.step.value))
    ]
    return ask_for_messages(session, asked)


def _messages(session: Session, told: Told, taken: Taken, kind: str) -> list[Asked]:
    whose = {"resident": taken.resident_id, "site": taken.site_id, "today": clock.today()}
    return [
        Asked(
            phone=one.phone,
            language=one.language,
            channel=Channel.SMS,
            kind=kind,
            subject=taken.subject,
            facts={},
            due_at=taken.at,
            expires_at=taken.at + OF_USE,
        )
        for one in session.connection().execute(PHONES[told], whose)
    ]
