"""注销: what ends when an account is closed, and closing it; here, where bookings are seen too.

The holder of an account may close it at any time (个人信息保护法 art. 15, 47). The resident stays
in the register, whose ground is statute (art. 13(3)); an account is opened anew, never reopened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import spelled_out
from server.errors import NotAllowed, NotFound
from server.identity.closing import close_accounts
from server.identity.models import Account, SignIn
from server.identity.queries import get_account
from server.meals.models import Booking, BookingStatus, Sitting
from server.meals.offering import offer_places
from server.meals.standing.making import end_orders_of
from server.meals.standing.models import OrderEnd
from server.notifications.models import Channel
from server.notifications.service import ask_for_message
from server.policies.queries import get_figures
from server.residents.models import GrantKind, ResidentGrant

PHONE_KEPT = "retention.closed_accounts_days"
REASON = "account-closed"


@dataclass(frozen=True)
class Ends:
    """What closing would end: devices signed in, people helped, meals that can still be cancelled;
    and for how many days the phone number is kept."""

    devices: int
    helped: int
    bookings: int
    phone_kept_days: int


def what_ends(session: Session) -> Ends:
    """Return what closing the signed-in account would end."""
    actor, now = actor_of(session), clock.now()
    days = get_figures(session, [PHONE_KEPT], on=clock.today())[PHONE_KEPT].value
    devices = select(func.count()).where(
        col(SignIn.account_id) == actor.account_id,
        col(SignIn.revoked_at).is_(None),
        col(SignIn.expires_at) > now,
    )
    booked = (
        select(func.count())
        .select_from(Booking)
        .join(Sitting, col(Sitting.id) == col(Booking.sitting_id))
        .where(_can_be_cancelled(actor.own_resident_ids))
    )
    row = session.execute(select(devices.scalar_subquery(), booked.scalar_subquery())).one()
    helped = len(set(actor.resident_ids) - set(actor.own_resident_ids))
    return Ends(devices=row[0], helped=helped, bookings=row[1], phone_kept_days=int(days))


def close_own_account(session: Session, *, cancels_bookings: bool) -> None:
    """Close the signed-in account, at once: sign-ins and grants end, and bookings if wished."""
    actor = actor_of(session)
    if actor.account_id is None:
        raise NotAllowed()
    account = get_account(session, actor.account_id)
    _close(session, account, actor.own_resident_ids, cancels_bookings=cancels_bookings)


def close_account_of(
    session: Session, resident_id: int, grant_id: int, *, cancels_bookings: bool
) -> None:
    """Close, at a window, the account by which a resident signs in.

    Raises `NotFound` for any other grant of theirs, and for one that has ended.
    """
    today = clock.today()
    found = session.execute(
        select(col(ResidentGrant.account_id)).where(
            col(ResidentGrant.id) == grant_id,
            col(ResidentGrant.resident_id) == resident_id,
            col(ResidentGrant.kind) == GrantKind.SELF,
            or_(col(ResidentGrant.ends_on).is_(None), col(ResidentGrant.ends_on) > today),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    with reaching_everywhere(session):
        account = get_account(session, found)
        _close(session, account, [resident_id], cancels_bookings=cancels_bookings)


def _close(
    session: Session, account: Account, own: Sequence[int], *, cancels_bookings: bool
) -> None:
    now = clock.now()
    if cancels_bookings:
        _cancel(session, own)
    _tell(session, account)
    with reaching_everywhere(session):
        _end_grants(session, account.id or 0)
        close_accounts(session, [account.id or 0], at=now)


def _cancel(session: Session, resident_ids: Sequence[int]) -> None:
    """What is past its cut-off is being cooked, and stays."""
    given_back = session.execute(
        update(Booking)
        .where(col(Booking.sitting_id) == col(Sitting.id), _can_be_cancelled(resident_ids))
        .values(status=BookingStatus.CANCELLED, cancelled_at=clock.now(), cancel_reason=REASON)
        .returning(col(Booking.sitting_id)),
        execution_options={"synchronize_session": False},
    ).scalars()
    offer_places(session, given_back.all())
    end_orders_of(session, resident_ids, OrderEnd.ACCOUNT_CLOSED)


def _can_be_cancelled(resident_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(
        col(Booking.resident_id).in_(resident_ids),
        col(Booking.status) == spelled_out(BookingStatus.BOOKED),
        col(Sitting.cutoff_at) > clock.now(),
    )


def _end_grants(session: Session, account_id: int) -> None:
    today = clock.today()
    session.execute(
        update(ResidentGrant)
        .where(
            col(ResidentGrant.account_id) == account_id,
            or_(col(ResidentGrant.ends_on).is_(None), col(ResidentGrant.ends_on) > today),
        )
        .values(ends_on=func.greatest(literal(today), col(ResidentGrant.starts_on))),
        execution_options={"synchronize_session": False},
    )


def _tell(session: Session, account: Account) -> None:
    ask_for_message(
        session,
        phone=account.phone,
        language=account.language,
        channel=Channel.SMS,
        kind="identity.account_closed",
        subject=f"account:{account.id}",
        facts={},
        due_at=clock.now(),
    )
