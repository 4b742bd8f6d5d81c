"""Keep the answer of a change under the key its caller chose, and give it again.

Only successes are kept, sealed, for a day; a refusal may be tried again with the same key.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.idempotency.errors import IdempotencyKeyReused
from server.idempotency.models import IdempotencyKey
from server.secrets.fields import keyring

KEPT_FOR = timedelta(hours=24)
ANSWER_FIELD = "idempotency.answer"


@dataclass(frozen=True)
class Answer:
    """What was answered: the status and the body as text."""

    status: int
    body: str


def find_answer(session: Session, *, key: str, request: bytes) -> Answer | None:
    """Return what this actor was answered for the key within a day.

    Raises `IdempotencyKeyReused` where the key stood for another request.
    """
    row = (
        session.connection()
        .execute(
            _FIND,
            {
                "subject": actor_of(session).subject,
                "key": key,
                "since": clock.now() - KEPT_FOR,
            },
        )
        .one_or_none()
    )
    if row is None:
        return None
    if row.request_digest != hashlib.sha256(request).digest():
        raise IdempotencyKeyReused()
    return Answer(row.status, keyring().decrypt(row.answer_cipher, ANSWER_FIELD))


def keep_answer(
    session: Session, *, key: str, operation: str, request: bytes, answer: Answer
) -> None:
    """Keep a success in the transaction that made it; a racing twin breaks `pk_idempotency_key`.

    An answer under the same key that is older than a day makes room.
    """
    now = clock.now()
    session.connection().execute(
        _KEEP,
        {
            "subject": actor_of(session).subject,
            "key": key,
            "operation": operation,
            "request_digest": hashlib.sha256(request).digest(),
            "status": answer.status,
            "answer_cipher": keyring().encrypt(answer.body, ANSWER_FIELD),
            "created_at": now,
            "since": now - KEPT_FOR,
        },
    )


@dataclass(frozen=True)
class Kept:
    """A success that is to be kept: whose, under which key, for which request."""

    subject: str
    key: str
    operation: str
    request: bytes
    answer: Answer


def keep_answers(session: Session, kept: Sequence[Kept]) -> set[tuple[str, str]]:
    """Keep many at once and return the (subject, key) of those that were.

    A key that stands for another answer already is left out: that success must not be kept either.
    """
    now = clock.now()
    ring = keyring()
    rows = sorted(kept, key=lambda one: (one.subject, one.key))
    values = {
        "subjects": [one.subject for one in rows],
        "keys": [one.key for one in rows],
        "operations": [one.operation for one in rows],
        "digests": [hashlib.sha256(one.request).digest() for one in rows],
        "statuses": [one.answer.status for one in rows],
        "ciphers": [ring.encrypt(one.answer.body, ANSWER_FIELD) for one in rows],
        "now": now,
    }
    return {(row.subject, row.key) for row in session.connection().execute(_KEEP_MANY, values)}


_KEEP_MANY = text(
    """
    INSERT INTO idempotency_key
           (subject, key, operation, request_digest, status, answer_cipher, created_at)
    SELECT r.*, :now
      FROM unnest(:subjects, :keys, :operations, :digests, :statuses, :ciphers) AS r
        ON CONFLICT DO NOTHING
    RETURNING subject, key
    """
).bindparams(
    bindparam("subjects", type_=ARRAY(Text)),
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("operations", type_=ARRAY(Text)),
    bindparam("digests", type_=ARRAY(LargeBinary)),
    bindparam("statuses", type_=ARRAY(Integer)),
    bindparam("ciphers", type_=ARRAY(LargeBinary)),
    bindparam("now", type_=DateTime(timezone=True)),
)

_FIND: Any = select(
    col(IdempotencyKey.request_digest),
    col(IdempotencyKey.status),
    col(IdempotencyKey.answer_cipher),
).where(
    col(IdempotencyKey.subject) == bindparam("subject"),
    col(IdempotencyKey.key) == bindparam("key"),
    col(IdempotencyKey.created_at) > bindparam("since", type_=DateTime(timezone=True)),
)


def _keep() -> Any:
    """One statement: the new row is made out of the deletion of an old one, or of nothing."""
    old = (
        delete(table_of(IdempotencyKey))
        .where(
            col(IdempotencyKey.subject) == bindparam("subject", type_=Text),
            col(IdempotencyKey.key) == bindparam("key", type_=Text),
            col(IdempotencyKey.created_at) <= bindparam("since", type_=DateTime(timezone=True)),
        )
        .returning(col(IdempotencyKey.key))
        .cte("old")
    )
    row: dict[str, Any] = {
        "subject": bindparam("subject", type_=Text),
        "key": bindparam("key", type_=Text),
        "operation": bindparam("operation", type_=Text),
        "request_digest": bindparam("request_digest", type_=LargeBinary),
        "status": bindparam("status", type_=Integer),
        "answer_cipher": bindparam("answer_cipher", type_=LargeBinary),
        "created_at": bindparam("created_at", type_=DateTime(timezone=True)),
    }
    gone = select(func.count()).select_from(old).scalar_subquery()
    return insert(table_of(IdempotencyKey)).from_select(
        list(row), select(*row.values()).where(gone >= 0)
    )


_KEEP = _keep()
