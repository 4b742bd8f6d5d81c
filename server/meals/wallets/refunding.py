"""清退: a canteen that closes gives everybody their money back, in full and in one go.

Prepaid cards that nobody refunded are what canteens left behind when they closed (domain.md §4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.ledger.models import PostingKind
from server.ledger.service import Draft, post_all
from server.meals.wallets import rules
from server.meals.wallets.errors import CanteenIsOpen
from server.meals.wallets.models import (
    RequestKind,
    RequestState,
    Via,
    Wallet,
    WalletEntry,
    WalletMove,
    WalletRequest,
)
from server.providers.models import OpeningState, Site

NOTE = "canteen-closes"


@dataclass(frozen=True)
class Refunded:
    """How many were given their money back, and how much it was together."""

    wallets: int
    amount_fen: int


@all_or_nothing
def refund_everybody(session: Session, site_id: int) -> Refunded:
    """Give back what is in the wallets of a canteen that is not open; a second time finds nothing.

    As many statements for a thousand as for one; who got what stands on the wallets' statements.
    Raises `CanteenIsOpen`, `NotFound`.
    """
    _check_closed(session, site_id)
    wallets = _hold_filled(session, site_id)
    drafts = {wallet.id or 0: _draft(wallet) for wallet in wallets}
    numbers = post_all(session, list(drafts.values()), site_id=site_id, posted_on=clock.today())
    for wallet in wallets:
        posting_id = numbers[drafts[wallet.id or 0].reference]
        session.add(_entry(session, wallet, posting_id))
    session.flush()
    _close_requests(session, site_id)
    return Refunded(len(wallets), sum(wallet.balance_fen for wallet in wallets))


def _check_closed(session: Session, site_id: int) -> None:
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound()
    if site.opening_state is OpeningState.OPEN:
        raise CanteenIsOpen()


def _hold_filled(session: Session, site_id: int) -> Sequence[Wallet]:
    query = (
        select(Wallet)
        .where(col(Wallet.site_id) == site_id, col(Wallet.balance_fen) > 0)
        .order_by(col(Wallet.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.execute(query).scalars().all()


def _draft(wallet: Wallet) -> Draft:
    stamp = f"{clock.now():%Y%m%d%H%M%S%f}"
    return Draft(
        rules.subject_of(wallet.id or 0),
        PostingKind.REFUND,
        f"wallet-closing:{wallet.id}:{stamp}",
        rules.postings_of(-wallet.balance_fen, Via.CASH),
        NOTE,
    )


def _entry(session: Session, wallet: Wallet, posting_id: int) -> WalletEntry:
    return WalletEntry(
        wallet_id=wallet.id or 0,
        site_id=wallet.site_id,
        resident_id=wallet.resident_id,
        move=WalletMove.REFUND,
        via=Via.CASH,
        amount_fen=-wallet.balance_fen,
        balance_fen=0,
        posting_id=posting_id,
        made_by=actor_of(session).staff_id,
        made_on=clock.today(),
        made_at=clock.now(),
        note=NOTE,
    )


def _close_requests(session: Session, site_id: int) -> None:
    session.execute(
        update(WalletRequest)
        .where(
            col(WalletRequest.site_id) == site_id,
            col(WalletRequest.kind) == RequestKind.REFUND,
            col(WalletRequest.state) == RequestState.OPEN,
        )
        .values(
            state=RequestState.DONE,
            decided_by=actor_of(session).staff_id,
            decided_at=clock.now(),
            note=NOTE,
        ),
        execution_options={"synchronize_session": False},
    )
