"""The one place that opens, commits and rolls back a transaction.

A transaction opens with one statement, which sets the city's schema, proves who acts, and, where
something is to be written, writes the act that every trail row will point to.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    DateTime,
    Engine,
    LargeBinary,
    String,
    bindparam,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.sql.elements import TextClause
from sqlmodel import Session

from server import clock
from server.db.acts import Act, Actor, current_act, note_actor
from server.db.cities import current_city, schema_of
from server.errors import DomainError

session_factory = sessionmaker(class_=Session, expire_on_commit=False)

RUNS_OF_A_TRANSACTION = 3
LOST_TO_OTHERS = {"40001", "40P01"}  # serialization failure, deadlock

_WIDEN = text("SELECT context, seal FROM reach_everywhere(:key)")
_NARROW = text(
    "SELECT set_config('yinling.context', :context, true), set_config('yinling.seal', :seal, true)"
)

_held: ContextVar[Connection | None] = ContextVar("held_connection", default=None)
_context_key: list[str] = []
_opening_statements: dict[str, TextClause] = {}


def use_context_key(context_key: str) -> None:
    """Hold the key by which this process proves to the database that it is the platform."""
    _context_key[:] = [context_key]


class TryAgain(Exception):
    """The transaction lost a small race; `in_transaction` runs it again from the top.

    The second run either wins or finds out by itself why not, and says so with all the facts; one
    that loses every time ends in `otherwise`, where that is given.
    """

    def __init__(self, otherwise: DomainError | None = None) -> None:
        super().__init__(otherwise)
        self.otherwise = otherwise


class KeptRefusal(Exception):
    """A refusal whose transaction is kept, for instance a wrong code that must count as a try."""

    def __init__(self, refusal: DomainError) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@contextmanager
def transaction(*, writes: bool = True) -> Iterator[Session]:
    """Commit the block if it ends well, roll it back if it raises.

    Raises `NoAct` when nobody acts. With `writes=False` the database itself refuses every change.
    A `KeptRefusal` commits, and its refusal is raised afterwards.
    """
    held = _held.get()
    session = session_factory() if held is None else session_factory(bind=held)
    kept: KeptRefusal | None = None
    try:
        with session.begin():
            session.info["actor"] = enter(session.connection(), current_act(), writes=writes)
            try:
                yield session
            except KeptRefusal as refusal:
                kept = refusal
        for callback in session.info.pop("after_commit", ()):
            callback()
    finally:
        session.close()
    if kept is not None:
        raise kept.refusal


@contextmanager
def on_one_connection() -> Iterator[None]:
    """Let every transaction of the block run on one connection: the next finds what one staged.

    Each is committed or rolled back by itself. For long work in parts, one after the other.
    """
    bind = session_factory.kw["bind"]
    with bind.connect() if isinstance(bind, Engine) else nullcontext(bind) as connection:
        held = _held.set(connection)
        try:
            yield
        finally:
            _held.reset(held)


def in_transaction(function: Callable[..., Any]) -> Callable[..., Any]:
    """Call the function with a `session` whose transaction spans the whole call.

    It runs again, from the top, where it lost a race that is no one's fault.
    """

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for run in range(1, RUNS_OF_A_TRANSACTION + 1):
            try:
                with transaction() as session:
                    return function(*args, session=session, **kwargs)
            except (TryAgain, DBAPIError) as error:
                if not _is_worth_another_run(error):
                    raise
                if run == RUNS_OF_A_TRANSACTION:
                    raise _last_word(error) from error
        raise AssertionError("unreachable")

    return wrapper


def reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """Call the function with a `session` that can only read."""

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with transaction(writes=False) as session:
            return function(*args, session=session, **kwargs)

    return wrapper


@contextmanager
def reaching_everywhere(session: Session) -> Iterator[None]:
    """Let the block see and change what the act leads to, also where the actor may not look.

    For consequences alone, never for what the actor asks to see: a community worker who reports a
    death ends a booking in the next county. The trail still names the actor.
    """
    with session.begin_nested():
        narrow = session.connection().execute(_WIDEN, {"key": _context_key[0]}).one()
        yield
        session.flush()
        session.connection().execute(_NARROW, dict(narrow._mapping))


def actor_of(session: Session) -> Actor:
    """Return who acts in this session's transaction."""
    actor: Actor = session.info["actor"]
    return actor


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Put off an effect outside the database until the transaction has held."""
    session.info.setdefault("after_commit", []).append(callback)


def token_digest(token: str) -> bytes:
    """Return what the database keeps of a sign-in token, which is long and random itself."""
    return hashlib.sha256(token.encode()).digest()


def _last_word(error: Exception) -> Exception:
    return (isinstance(error, TryAgain) and error.otherwise) or error


def _is_worth_another_run(error: Exception) -> bool:
    return isinstance(error, TryAgain) or (
        isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in LOST_TO_OTHERS
    )


def enter(connection: Connection, act: Act, *, writes: bool) -> Actor:
    """Open the transaction's context for the act and return who stands behind it.

    For `transaction()` alone; tests that hold a connection of their own call it too.
    """
    entered = connection.execute(
        _opening_statement(schema_of(current_city())),
        {
            "writes": writes,
            "face": act.face.value,
            "action": act.action,
            "request_id": act.request_id,
            "reason": act.reason,
            "at": clock.now(),
            "digest": token_digest(act.token) if act.token else None,
            "context_key": _context_key[0] if act.service else None,
            "resident": act.for_resident_id,
            "is_refresh": act.is_refresh,
        },
    )
    row = entered.one()
    actor = Actor(
        act_id=row.act_id,
        sign_in_id=row.sign_in_id,
        account_id=row.account_id,
        staff_id=row.staff_id,
        is_service=row.is_service,
        resident_ids=tuple(row.resident_ids or ()),
        own_resident_ids=tuple(row.own_resident_ids or ()),
        roles=tuple(row.roles or ()),
        api_key=row.api_key,
    )
    note_actor(actor)
    return actor


def _opening_statement(schema: str) -> TextClause:
    """The statement is built once a city: the schema's name is checked and stands in its text."""
    if schema not in _opening_statements:
        _opening_statements[schema] = text(
            f"""
            SELECT set_config('search_path', '{schema}, pg_temp', true),
                   set_config('transaction_read_only',
                              CASE WHEN :writes THEN 'off' ELSE 'on' END, true),
                   e.*
              FROM {schema}.enter(:writes, :face, :action, :request_id, :reason, :at,
                                  :digest, :context_key, :resident, :is_refresh) AS e
            """
        ).bindparams(
            bindparam("writes", type_=Boolean),
            bindparam("face", type_=String),
            bindparam("action", type_=String),
            bindparam("request_id", type_=String),
            bindparam("reason", type_=String),
            bindparam("at", type_=DateTime(timezone=True)),
            bindparam("digest", type_=LargeBinary),
            bindparam("context_key", type_=String),
            bindparam("resident", type_=BigInteger),
            bindparam("is_refresh", type_=Boolean),
        )
    return _opening_statements[schema]
