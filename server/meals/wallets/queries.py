"""Wallets as their elders, their canteen and the offices over it see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.ledger.models import LedgerPosting
from server.meals.models import Booking, Canteen
from server.meals.wallets.models import (
    RequestKind,
    RequestState,
    Wallet,
    WalletEntry,
    WalletRequest,
)
from server.providers.models import Site
from server.providers.queries import within
from server.residents.models import CareLink, Resident


def get_wallet(session: Session, wallet_id: int) -> Row[Any]:
    """Return a wallet with its canteen and its elder's name; raises `NotFound`."""
    row = session.execute(_wallets().where(col(Wallet.id) == wallet_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_wallet(session: Session, *, site_id: int, resident_id: int) -> Row[Any] | None:
    """Return the wallet of a resident at a canteen, None where there is none."""
    query = _wallets().where(col(Wallet.site_id) == site_id, col(Wallet.resident_id) == resident_id)
    return session.execute(query).one_or_none()


def list_wallets_of(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the wallets of these residents, those with most in them first."""
    return session.execute(
        _wallets()
        .where(col(Wallet.resident_id).in_(resident_ids))
        .order_by(col(Wallet.balance_fen).desc(), col(Site.name), col(Wallet.id))
    ).all()


def list_wallets(
    session: Session, site_id: int, *, search: str = "", is_filled: bool = False
) -> Sequence[Row[Any]]:
    """Return the wallets of a canteen by name; `search` is part of a name, or its first letters."""
    query = _wallets().where(col(Wallet.site_id) == site_id)
    if is_filled:
        query = query.where(col(Wallet.balance_fen) > 0)
    if search:
        query = query.where(_is_named(search))
    return session.execute(
        query.order_by(col(Resident.pinyin), col(Resident.name), col(Wallet.id))
    ).all()


def find_diners(
    session: Session, site_id: int, search: str, *, at_most: int = 20
) -> Sequence[Row[Any]]:
    """Return (resident_id, name, balance_fen, wallet_id) of whom the canteen knows by that name."""
    return session.execute(
        select(
            col(Resident.id).label("resident_id"),
            col(Resident.name),
            func.coalesce(col(Wallet.balance_fen), 0).label("balance_fen"),
            col(Wallet.id).label("wallet_id"),
        )
        .join(
            CareLink,
            and_(col(CareLink.resident_id) == col(Resident.id), col(CareLink.site_id) == site_id),
        )
        .outerjoin(
            Wallet,
            and_(col(Wallet.resident_id) == col(Resident.id), col(Wallet.site_id) == site_id),
        )
        .where(_is_named(search), col(Resident.merged_into_id).is_(None))
        .order_by(col(Resident.pinyin), col(Resident.name), col(Resident.id))
        .limit(at_most)
    ).all()


def get_diner(session: Session, site_id: int, resident_id: int) -> Row[Any]:
    """Return id and name of somebody whom the canteen knows; raises `NotFound` for others."""
    row = session.execute(
        select(col(Resident.id), col(Resident.name))
        .join(CareLink, col(CareLink.resident_id) == col(Resident.id))
        .where(col(Resident.id) == resident_id, col(CareLink.site_id) == site_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_statement(
    session: Session, wallet_id: int, *, at_most: int | None = None
) -> Sequence[Row[Any]]:
    """Return what moved a wallet, the latest first, with the meal each meal was."""
    back = select(col(WalletEntry.reverses_id)).where(col(WalletEntry.reverses_id).is_not(None))
    query = (
        select(
            col(WalletEntry.id),
            col(WalletEntry.move),
            col(WalletEntry.via),
            col(WalletEntry.amount_fen),
            col(WalletEntry.balance_fen),
            col(WalletEntry.made_on),
            col(WalletEntry.made_at),
            col(WalletEntry.note),
            col(WalletEntry.site_id),
            col(Booking.meal),
            col(Booking.service_on),
            col(WalletEntry.id).in_(back).label("is_reversed"),
        )
        .outerjoin(Booking, col(Booking.id) == col(WalletEntry.booking_id))
        .where(col(WalletEntry.wallet_id) == wallet_id)
        .order_by(col(WalletEntry.id).desc())
    )
    return session.execute(query.limit(at_most) if at_most else query).all()


def list_due(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return (site_id, name, opening_state, wallets, due_fen) by canteen, most first.

    What is due is elders' money: all of it is to be given back if the canteen closes.
    """
    due = func.coalesce(func.sum(col(Wallet.balance_fen)), 0)
    filled = func.count(col(Wallet.id)).filter(col(Wallet.balance_fen) > 0)
    return session.execute(
        select(
            col(Site.id).label("site_id"),
            col(Site.name),
            col(Site.opening_state),
            filled.label("wallets"),
            due.label("due_fen"),
        )
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .outerjoin(Wallet, col(Wallet.site_id) == col(Site.id))
        .where(within(prefixes, site_ids))
        .group_by(col(Site.id), col(Site.name), col(Site.opening_state))
        .order_by(due.desc(), col(Site.name), col(Site.id))
    ).all()


def list_open_requests(session: Session, site_id: int) -> Sequence[Row[Any]]:
    """Return what is asked for at a canteen and not decided, the oldest first."""
    return session.execute(
        select(
            col(WalletRequest.id),
            col(WalletRequest.wallet_id),
            col(WalletRequest.kind),
            col(WalletRequest.reason),
            col(WalletRequest.asked_at),
            col(WalletRequest.asked_by),
            col(Resident.name),
            col(WalletEntry.move),
            func.coalesce(col(WalletEntry.amount_fen), col(Wallet.balance_fen)).label("amount_fen"),
        )
        .join(Wallet, col(Wallet.id) == col(WalletRequest.wallet_id))
        .outerjoin(Resident, col(Resident.id) == col(WalletRequest.resident_id))
        .outerjoin(WalletEntry, col(WalletEntry.id) == col(WalletRequest.entry_id))
        .where(
            col(WalletRequest.site_id) == site_id,
            col(WalletRequest.state) == RequestState.OPEN,
        )
        .order_by(col(WalletRequest.asked_at), col(WalletRequest.id))
    ).all()


def find_entry(session: Session, reference: str) -> WalletEntry | None:
    """Return the line that was posted under a reference, None where nothing was."""
    return session.execute(
        select(WalletEntry)
        .join(LedgerPosting, col(LedgerPosting.id) == col(WalletEntry.posting_id))
        .where(col(LedgerPosting.reference) == reference)
    ).scalar_one_or_none()


def find_entry_beginning(session: Session, reference: str) -> WalletEntry | None:
    """Return the last line of those posted under one deed's reference, None where nothing was."""
    posted = col(LedgerPosting.reference)
    return session.execute(
        select(WalletEntry)
        .join(LedgerPosting, col(LedgerPosting.id) == col(WalletEntry.posting_id))
        .where(or_(posted == reference, posted.startswith(f"{reference}:", autoescape=True)))
        .order_by(col(WalletEntry.id).desc())
        .limit(1)
    ).scalar_one_or_none()


def get_entry(session: Session, entry_id: int) -> WalletEntry:
    """Return a line of a statement; raises `NotFound`."""
    entry = session.get(WalletEntry, entry_id)
    if entry is None:
        raise NotFound()
    return entry


def is_reversed(session: Session, entry_id: int) -> bool:
    """True where the line was taken back."""
    return bool(
        session.execute(
            select(exists().where(col(WalletEntry.reverses_id) == entry_id))
        ).scalar_one()
    )


def get_request(session: Session, request_id: int) -> WalletRequest:
    """Return a request, held until the end of the transaction; raises `NotFound`."""
    query = select(WalletRequest).where(col(WalletRequest.id) == request_id).with_for_update()
    found = session.execute(query.execution_options(populate_existing=True))
    request: WalletRequest | None = found.scalar_one_or_none()
    if request is None:
        raise NotFound()
    return request


def find_open_refund(session: Session, wallet_id: int) -> WalletRequest | None:
    """Return the refund that is asked for and not paid out yet."""
    return session.execute(
        select(WalletRequest).where(
            col(WalletRequest.wallet_id) == wallet_id,
            col(WalletRequest.kind) == RequestKind.REFUND,
            col(WalletRequest.state) == RequestState.OPEN,
        )
    ).scalar_one_or_none()


def find_refused(session: Session, wallet_id: int) -> WalletRequest | None:
    """Return the last request for a refund where it was refused, None where it was not."""
    last: WalletRequest | None = session.execute(
        select(WalletRequest)
        .where(
            col(WalletRequest.wallet_id) == wallet_id,
            col(WalletRequest.kind) == RequestKind.REFUND,
        )
        .order_by(col(WalletRequest.id).desc())
        .limit(1)
    ).scalar_one_or_none()
    return last if last is not None and last.state is RequestState.REFUSED else None


def _wallets() -> Any:
    asked = (
        select(col(WalletRequest.id))
        .where(
            col(WalletRequest.wallet_id) == col(Wallet.id),
            col(WalletRequest.kind) == RequestKind.REFUND,
            col(WalletRequest.state) == RequestState.OPEN,
        )
        .correlate(Wallet)
        .scalar_subquery()
    )
    return (
        select(
            col(Wallet.id),
            col(Wallet.site_id),
            col(Wallet.resident_id),
            col(Wallet.balance_fen),
            col(Wallet.opened_at),
            col(Site.name).label("canteen_name"),
            col(Site.phone).label("canteen_phone"),
            col(Site.opening_state),
            col(Resident.name),
            asked.label("refund_request_id"),
        )
        .join(Site, col(Site.id) == col(Wallet.site_id))
        .outerjoin(Resident, col(Resident.id) == col(Wallet.resident_id))
    )


def _is_named(search: str) -> ColumnElement[bool]:
    return or_(
        col(Resident.name).contains(search, autoescape=True),
        col(Resident.initials).startswith(search.lower(), autoescape=True),
        col(Resident.pinyin).startswith(search.lower(), autoescape=True),
    )
