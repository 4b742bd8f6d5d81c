"""Keys by which departments read what is not public, and the log of what they read."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of, token_digest
from server.errors import NotFound
from server.identity import rules
from server.identity.errors import KeyCalledTooOften, KeyLivesTooLong
from server.identity.models import ApiCall, ApiKey
from server.identity.scopes import check_scopes
from server.identity.service.throttles import count

BEGINS_WITH = "yl_"
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class IssuedKey:
    """The token is shown once; the database keeps its digest."""

    token: str
    key: ApiKey


def issue_key(
    session: Session,
    *,
    owner: str,
    purpose: str,
    scopes: Sequence[str],
    fields: Sequence[str],
    rate_per_minute: int,
    days: int,
) -> IssuedKey:
    """Give a department a key; raises `ScopeUnknown` and `KeyLivesTooLong`."""
    check_scopes(scopes, fields)
    if timedelta(days=days) > rules.KEY_LIVES_AT_MOST:
        raise KeyLivesTooLong(days=rules.KEY_LIVES_AT_MOST.days)
    token = BEGINS_WITH + secrets.token_urlsafe(32)
    key = ApiKey(
        token_digest=token_digest(token),
        owner=owner,
        purpose=purpose,
        scopes=list(scopes),
        fields=list(fields),
        rate_per_minute=rate_per_minute,
        issued_by=actor_of(session).staff_id,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )
    session.add(key)
    session.flush()
    return IssuedKey(token, key)


def revoke_key(session: Session, key_id: int) -> ApiKey:
    """End a key at its next call; ending it twice is as good as once. Raises `NotFound`."""
    key = session.get(ApiKey, key_id)
    if key is None:
        raise NotFound()
    key.revoked_at = key.revoked_at or clock.now()
    session.flush()
    return key


def count_call(session: Session, key_id: int, *, rate_per_minute: int) -> None:
    """Count one call of a key, whichever process it reached; raises `KeyCalledTooOften`."""
    count(session, f"key/{key_id}", (rate_per_minute, A_MINUTE), refusal=KeyCalledTooOften)


def record_call(
    session: Session, *, key_id: int, scope: str, purpose: str, status: int, rows_returned: int
) -> None:
    """Write down what was asked with a key, why, and how it ended."""
    session.add(
        ApiCall(
            api_key_id=key_id,
            at=clock.now(),
            scope=scope,
            purpose=purpose,
            status=status,
            rows_returned=rows_returned,
        )
    )
    session.flush()
