"""Close accounts whose holder is gone, and open them again after a mistake."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import events
from server.identity.events import AccountsClosed
from server.identity.models import Account, SignIn


def close_accounts(session: Session, account_ids: Sequence[int], *, at: datetime) -> Sequence[int]:
    """Close those of the accounts that are open, end their sign-ins, and return which they were.

    No new sign-in is possible on a closed account.
    """
    closed = session.execute(
        update(Account)
        .where(col(Account.id).in_(account_ids), col(Account.closed_at).is_(None))
        .values(closed_at=at)
        .returning(col(Account.id))
    )
    ids = closed.scalars().all()
    session.execute(
        update(SignIn)
        .where(col(SignIn.account_id).in_(ids), col(SignIn.revoked_at).is_(None))
        .values(revoked_at=at)
    )
    if ids:
        events.publish(session, AccountsClosed(ids))
    return ids


def reopen_accounts(session: Session, account_ids: Sequence[int]) -> Sequence[int]:
    """Let the holders sign in again, and return whose account was closed.

    A device that was signed in stays signed out: who holds it now is not known. An account whose
    phone has another by now, or was forgotten, stays closed.
    """
    newer = aliased(Account)
    taken = select(newer).where(
        col(newer.phone) == col(Account.phone), col(newer.closed_at).is_(None)
    )
    reopened = session.execute(
        update(Account)
        .where(
            col(Account.id).in_(account_ids),
            col(Account.closed_at).is_not(None),
            col(Account.phone) != "",
            ~taken.correlate(Account).exists(),
        )
        .values(closed_at=None)
        .returning(col(Account.id))
    )
    return reopened.scalars().all()
