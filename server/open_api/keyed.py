"""Resources that a department reads with a key: scope, limit, purpose, and a line a call."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from sqlmodel import Session

from server.db.acts import Act, acting, current_act
from server.db.sessions import actor_of, in_transaction, reading, transaction
from server.errors import DomainError
from server.identity.errors import KeyUnusable, PurposeMissing, ScopeMissing
from server.identity.service.api_keys import count_call, record_call
from server.web.problems import STATUS

PURPOSE = "Purpose"
SHORTEST_PURPOSE, LONGEST_PURPOSE = 2, 200
ROWS = "X-Rows"
# How the header is described where an operation is.
PURPOSE_HEADER = {
    "name": PURPOSE,
    "in": "header",
    "required": True,
    "description": "What the call is for; it is written into the log.",
    "schema": {"type": "string", "minLength": SHORTEST_PURPOSE, "maxLength": LONGEST_PURPOSE},
}

View = Callable[..., Any]


def reads_with_key(scope: str) -> Callable[[View], View]:
    """A view that only reads, for holders of a key with this scope.

    The view gets the `fields` that the key may see. Raises `KeyUnusable`, `PurposeMissing`,
    `KeyCalledTooOften` and `ScopeMissing`. No answer leaves before its line is in the log, and a
    refusal of a known key is logged like an answer.
    """

    return lambda view: _logged(scope, reading(_within_key(view)))


def writes_with_key(scope: str) -> Callable[[View], View]:
    """A view that changes something, for holders of a key with this scope; as `reads_with_key`.

    The act says which key, and for what; what was done stands before its line in the log does.
    """
    return lambda view: _logged(scope, in_transaction(_within_key(view)))


def _logged(scope: str, shown: View) -> View:
    @wraps(shown)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        key = _presented_key()
        purpose = _purpose()
        try:
            _admit(key, scope)
            with acting(replace(current_act(), reason=f"#{key['id']} {purpose}")):
                response = make_response(shown(*args, **kwargs))
        except DomainError as refusal:
            _record(key=key, scope=scope, purpose=purpose, status=STATUS[refusal.kind], rows=0)
            raise
        _record(key=key, scope=scope, purpose=purpose, status=response.status_code,
                rows=int(response.headers.get(ROWS, 0)))  # fmt: skip
        return response

    wrapper.access = scope  # type: ignore[attr-defined]
    return wrapper


def trimmed(rows: list[Mapping[str, Any]], fields: list[str]) -> list[dict[str, Any]]:
    """Return the rows with what the key was given, and their `id`."""
    return [{name: row[name] for name in ("id", *fields)} for row in rows]


def say_rows(response: Response, rows: int) -> Response:
    """Tell the caller, and the log, how many rows left."""
    response.headers[ROWS] = str(rows)
    return response


def _within_key(view: View) -> View:
    @wraps(view)
    def wrapper(*args: Any, session: Session, **kwargs: Any) -> Any:
        key = actor_of(session).api_key
        if key is None:
            raise KeyUnusable()
        return view(*args, session=session, fields=list(key["fields"]), **kwargs)

    return wrapper


def _presented_key() -> Mapping[str, Any]:
    with transaction(writes=False) as session:
        key = actor_of(session).api_key
    if key is None:
        raise KeyUnusable()
    return key


def _purpose() -> str:
    """Headers travel as latin-1; what is written in Chinese arrives as UTF-8 inside it."""
    given = request.headers.get(PURPOSE, "").strip()
    with suppress(UnicodeError):
        given = given.encode("latin-1").decode()
    if not SHORTEST_PURPOSE <= len(given) <= LONGEST_PURPOSE or not given.isprintable():
        raise PurposeMissing()
    return given


def _admit(key: Mapping[str, Any], scope: str) -> None:
    _as_platform(_count, key=key)
    if scope not in key["scopes"]:
        raise ScopeMissing()


def _record(*, key: Mapping[str, Any], scope: str, purpose: str, status: int, rows: int) -> None:
    _as_platform(
        _write, key_id=key["id"], scope=scope, purpose=purpose, status=int(status),
        rows_returned=rows,
    )  # fmt: skip


@in_transaction
def _count(*, key: Mapping[str, Any], session: Session) -> None:
    count_call(session, key["id"], rate_per_minute=key["rate"])


@in_transaction
def _write(*, session: Session, **call: Any) -> None:
    record_call(session, **call)


def _as_platform(work: Callable[..., None], **given: Any) -> None:
    present = current_act()
    with acting(Act(present.face, present.action, present.request_id, service=True)):
        work(**given)
