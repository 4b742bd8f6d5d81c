"""What a worker's device kept while there was no network, taken in one by one in its order.

Every event carries the device's own key, which is unique for ever: sent twice it is kept once. One
that is refused stops no other; the device is told of each what became of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from server.db.sessions import KeptRefusal
from server.errors import DomainError
from server.homecare.visits.errors import VisitCodeWrong
from server.homecare.visits.proving import Told, arrive, confirm_beside, hold_visits, leave
from server.identity.errors import LockedOut
from server.identity.rules import Limit
from server.identity.service.throttles import check_open, count

WRONG_CODES: Limit = (5, timedelta(days=1))


class EventKind(StrEnum):
    ARRIVE = "arrive"  # 到了
    LEAVE = "leave"  # 走了
    CONFIRM = "confirm"  # 老人确认


@dataclass(frozen=True)
class Event:
    """Something that a worker did at a visit, as the device kept it."""

    kind: EventKind
    visit_id: int
    told: Told
    tasks_done: Sequence[str] = ()
    code: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of an event: kept, or refused and why."""

    key: str
    visit_id: int
    refusal: DomainError | None = None


def receive(session: Session, events: Sequence[Event]) -> list[Receipt]:
    """Take in what a device sends, in the order in which it happened; returns one receipt each."""
    return [_receive_one(session, event) for event in events]


def skew_of(sent_at: datetime, *, now: datetime) -> int:
    """Return by how many seconds the device's clock lags behind the server's."""
    return round((now - sent_at).total_seconds())


def _receive_one(session: Session, event: Event) -> Receipt:
    refusal = None
    try:
        _check_tries(session, event)
        with session.begin_nested():
            _DEEDS[event.kind](session, event)
    except VisitCodeWrong as wrong:
        refusal = _counted(session, event, wrong)
    except DomainError as refused:
        refusal = refused
    return Receipt(event.told.key, event.visit_id, refusal)


def _check_tries(session: Session, event: Event) -> None:
    """Tries at one visit wait for each other, so that no more are compared than are allowed."""
    if event.code is not None:
        hold_visits(session, [event.visit_id])
        check_open(session, _bucket(event), WRONG_CODES)


def _counted(session: Session, event: Event, wrong: DomainError) -> DomainError:
    """A wrong code counts, so that nobody finds it by trying."""
    try:
        count(session, _bucket(event), WRONG_CODES, refusal=LockedOut)
    except KeptRefusal as kept:
        return kept.refusal
    return wrong


def _bucket(event: Event) -> str:
    return f"visit-code/{event.visit_id}"


def _arrive(session: Session, event: Event) -> None:
    arrive(session, event.visit_id, event.told)


def _leave(session: Session, event: Event) -> None:
    leave(session, event.visit_id, event.told, tasks_done=event.tasks_done)


def _confirm(session: Session, event: Event) -> None:
    confirm_beside(session, event.visit_id, at=event.told.at, code=event.code)


_DEEDS: dict[EventKind, Callable[[Session, Event], None]] = {
    EventKind.ARRIVE: _arrive,
    EventKind.LEAVE: _leave,
    EventKind.CONFIRM: _confirm,
}
