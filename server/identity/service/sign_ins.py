"""Begin and end the sign-ins of devices and browsers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of, token_digest
from server.errors import NotFound, SignInNeeded
from server.identity import queries
from server.identity.models import SignIn


@dataclass(frozen=True)
class SignedIn:
    """The token is shown once; the database keeps its digest."""

    token: str
    sign_in: SignIn


def open_sign_in(
    session: Session,
    *,
    account_id: int | None = None,
    staff_id: int | None = None,
    device_label: str,
    now: datetime,
    lasts: timedelta,
    may_pause: timedelta | None = None,
    second_factor_at: datetime | None = None,
) -> SignedIn:
    """Sign a device in for an account or a member of staff."""
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        token_digest=token_digest(token),
        account_id=account_id,
        staff_id=staff_id,
        device_label=device_label,
        created_at=now,
        expires_at=now + lasts,
        idle_seconds=int(may_pause.total_seconds()) if may_pause else None,
        second_factor_at=second_factor_at,
    )
    session.add(sign_in)
    session.flush()
    return SignedIn(token, sign_in)


def sign_out(session: Session) -> None:
    """End the present sign-in; ending it twice is as good as once."""
    sign_in_id = actor_of(session).sign_in_id
    if sign_in_id is None:
        raise SignInNeeded()
    queries.get_sign_in(session, sign_in_id).revoked_at = clock.now()
    session.flush()


def end_own_sign_in(session: Session, sign_in_id: int) -> None:
    """End one of the actor's own sign-ins, wherever the device is; raises `NotFound` for others'.

    The device learns it at its next request. Ending it twice is as good as once.
    """
    actor = actor_of(session)
    sign_in = session.get(SignIn, sign_in_id)
    owner = (actor.account_id, actor.staff_id)
    if sign_in is None or (sign_in.account_id, sign_in.staff_id) != owner:
        raise NotFound()
    _end(session, col(SignIn.id) == sign_in_id)


def end_other_sign_ins(session: Session) -> int:
    """End the actor's sign-ins but the present one; returns how many."""
    actor = actor_of(session)
    mine = (
        col(SignIn.account_id) == actor.account_id
        if actor.account_id is not None
        else col(SignIn.staff_id) == actor.staff_id
    )
    return _end(session, mine, col(SignIn.id) != actor.sign_in_id)


def end_sign_ins_of_account(session: Session, account_id: int) -> int:
    """End all sign-ins of an account, whose phone is lost; returns how many."""
    return _end(session, col(SignIn.account_id) == account_id)


def end_sign_ins_of_staff(session: Session, staff_id: int, *, sign_in_id: int | None = None) -> int:
    """End the sign-ins of a member of staff, or one of them; returns how many."""
    which = [col(SignIn.staff_id) == staff_id]
    if sign_in_id is not None:
        which.append(col(SignIn.id) == sign_in_id)
    return _end(session, *which)


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    ended = update(SignIn).where(*which, col(SignIn.revoked_at).is_(None))
    rows = session.execute(
        ended.values(revoked_at=clock.now()).returning(col(SignIn.id)),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())
