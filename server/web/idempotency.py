"""The same key and body give the same answer; another body is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from server.db.sessions import actor_of, transaction
from server.errors import DomainError
from server.idempotency.errors import IdempotencyKeyMissing
from server.idempotency.service import Answer, find_answer, keep_answer

HEADER = "Idempotency-Key"
LONGEST_KEY = 64

View = Callable[..., Any]


def recorded(view: View) -> View:
    """Keep a success in the transaction that made it.

    Nothing is looked up before: a key that has an answer already breaks `pk_idempotency_key`, which
    undoes whatever was done again, and `replaying` finds the answer.
    """

    @wraps(view)
    def wrapper(*args: Any, session: Session, **kwargs: Any) -> Any:
        key = key_of_request()
        response: Response = make_response(view(*args, session=session, **kwargs))
        if response.status_code < 300:
            keep_answer(
                session,
                key=key,
                operation=request.endpoint or "",
                request=request_as_sent(),
                answer=Answer(response.status_code, response.get_data(as_text=True)),
            )
        return response

    return wrapper


def replaying(view: View) -> View:
    """Where the key has an answer already, give that answer instead of a refusal.

    Raises `IdempotencyKeyReused` where the answer is another request's.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except (DomainError, DBAPIError):
            answer = _find_answer_given()
            if answer is None:
                raise
            return _again(answer)

    return wrapper


def _find_answer_given() -> Answer | None:
    if not request.headers.get(HEADER):
        return None
    with transaction(writes=False) as session:
        if not actor_of(session).is_known:
            return None
        return find_answer(session, key=key_of_request(), request=request_as_sent())


def key_of_request() -> str:
    """Return the key that this request carries; raises `IdempotencyKeyMissing`."""
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise IdempotencyKeyMissing()
    return key


def request_as_sent() -> bytes:
    """Return what the key stands for: the same again is the same request."""
    return f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)


def _again(answer: Answer) -> Response:
    mimetype = "application/json" if answer.body else None
    response = Response(answer.body, answer.status, mimetype=mimetype)
    response.headers["Idempotency-Replayed"] = "true"
    return response
