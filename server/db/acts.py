"""Who does what, from where, and why: carried along, and written with every change."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Face(StrEnum):
    """Where an act comes from."""

    PHONE = "phone"
    COUNTER = "counter"
    CONSOLE = "console"
    OPEN_API = "open-api"
    TIMETABLE = "timetable"
    COMMAND = "command"


@dataclass(frozen=True)
class Act:
    """One intention of one person or job; the database resolves `token` to who that is.

    `service` is the platform itself (a job, a command, a sign-in not yet made); it is proven by
    the context key that only the processes of the platform hold. `is_refresh` says that a page
    renews itself, which keeps nobody signed in who left the desk.
    """

    face: Face
    action: str
    request_id: str
    token: str | None = None
    service: bool = False
    for_resident_id: int | None = None
    reason: str | None = None
    is_refresh: bool = False


@dataclass(frozen=True)
class Actor:
    """Who stands behind the act, as the database answered when the transaction began."""

    act_id: int | None = None
    sign_in_id: int | None = None
    account_id: int | None = None
    staff_id: int | None = None
    is_service: bool = False
    resident_ids: Sequence[int] = ()
    own_resident_ids: Sequence[int] = ()
    roles: Sequence[Mapping[str, Any]] = field(default=())
    api_key: Mapping[str, Any] | None = None

    @property
    def is_known(self) -> bool:
        """True for a signed-in person and for the platform itself."""
        return self.is_service or self.sign_in_id is not None

    @property
    def subject(self) -> str:
        """A name for this actor that holds no personal data, for keys and logs."""
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return f"staff:{self.staff_id}" if self.staff_id is not None else "service"

    @property
    def site_ids(self) -> list[int]:
        """The sites this person works for."""
        return [role["site_id"] for role in self.roles if role["site_id"] is not None]

    @property
    def prefixes(self) -> list[str]:
        """The division prefixes this person's offices reach over."""
        return [role["prefix"] for role in self.roles if role["prefix"] is not None]


_act: ContextVar[Act] = ContextVar("act")
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


class NoAct(LookupError):
    """A transaction was opened and nobody said who acts."""


def current_act() -> Act:
    """Return the act under way; raises `NoAct`."""
    try:
        return _act.get()
    except LookupError:
        raise NoAct from None


def begin_act(act: Act) -> None:
    """Let every transaction of the rest of this context (a request, a command) be this act's."""
    _act.set(act)


def present_actor() -> Actor | None:
    """Return who the database last said is acting in this context, for logs; None before that."""
    return _actor.get()


def note_actor(actor: Actor) -> None:
    """Remember who acts for the rest of this context; `server.db.sessions` calls it."""
    _actor.set(actor)


@contextmanager
def acting(act: Act) -> Iterator[Act]:
    """Let every transaction of the block be this act's."""
    token = _act.set(act)
    try:
        yield act
    finally:
        _act.reset(token)
