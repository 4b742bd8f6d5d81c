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
    """Answer from the record where there is one, or keep the new answer in the same transaction."""

    @wraps(view)
    def wrapper(*args: Any, session: Session, **kwargs: Any) -> Any:
        key, told = _key(), _told()
        answer = find_answer(session, key=key, request=told)
        if answer is not None:
            return _again(answer)
        response: Response = make_response(view(*args, session=session, **kwargs))
        if response.status_code < 300:
            keep_answer(
                session,
                key=key,
                operation=request.endpoint or "",
                request=told,
                answer=Answer(response.status_code, response.get_data(as_text=True)),
            )
        return response

    return wrapper


def replaying(view: View) -> View:
    """Where a twin of this request won the race, give its answer instead of a refusal."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except (DomainError, DBAPIError):
            answer = _find_twin()
            if answer is None:
                raise
            return _again(answer)

    return wrapper


def _find_twin() -> Answer | None:
    if not request.headers.get(HEADER):
        return None
    with transaction(writes=False) as session:
        if not actor_of(session).is_known:
            return None
        try:
            return find_answer(session, key=_key(), request=_told())
        except DomainError:
            return None


def _key() -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise IdempotencyKeyMissing()
    return key


def _told() -> bytes:
    return f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)


def _again(answer: Answer) -> Response:
    mimetype = "application/json" if answer.body else None
    response = Response(answer.body, answer.status, mimetype=mimetype)
    response.headers["Idempotency-Replayed"] = "true"
    return response
