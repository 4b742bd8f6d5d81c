"""充值: paying into a wallet by phone, and giving back by the way the money came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.errors import NotFound
from server.meals.models import Canteen
from server.meals.wallets import queries, rules
from server.meals.wallets.errors import (
    CanteenTakesNoMoney,
    NothingToRefund,
    TooManyTopUps,
    TopUpOutOfBounds,
)
from server.meals.wallets.keeping import finish_refund, top_up
from server.meals.wallets.models import Via, Wallet, WalletEntry, WalletMove
from server.meals.wallets.moving import Move, hold_wallet, move_all, move_money
from server.payments import refunding
from server.payments.events import PaymentSettled, RefundFailed
from server.payments.models import Payment, Purpose
from server.payments.providing import present_provider
from server.payments.service import open_payment
from server.payments.steps import UNFINISHED
from server.policies.errors import RuleMissing
from server.policies.queries import get_figures
from server.providers.models import OpeningState, Site

TOP_UP = "meals.top_up_by_phone"
MOST_UNFINISHED = 5


@dataclass(frozen=True)
class Choices:
    """What may be paid in at a canteen now; `is_on` is False where paying by phone is not.

    `most_fen` below `least_fen` says that the wallet is full.
    """

    canteen_name: str
    is_on: bool
    balance_fen: int = 0
    tiles_fen: Sequence[int] = ()
    least_fen: int = 0
    most_fen: int = 0
    minutes: int = 0


def get_choices(session: Session, *, site_id: int, resident_id: int) -> Choices:
    """Return what may be paid in for a resident at a canteen; raises `NotFound`."""
    site = _canteen(session, site_id)
    if present_provider() is None or site.opening_state is not OpeningState.OPEN:
        return Choices(site.name, is_on=False)
    try:
        figures = get_figures(session, [TOP_UP, rules.MOST_IN_A_WALLET], on=clock.today())
    except RuleMissing:
        return Choices(site.name, is_on=False)
    balance = _balance(session, site_id, resident_id)
    room = int(figures[rules.MOST_IN_A_WALLET].value) - balance
    return _choices(site.name, balance, room, figures[TOP_UP].value)


def ask_to_top_up(session: Session, *, site_id: int, resident_id: int, amount_fen: int) -> Payment:
    """Open a payment for an elder's wallet; it is filled when the provider tells that it was paid.

    Raises `CanteenTakesNoMoney`, `TopUpOutOfBounds`, `TooManyTopUps`, `NotFound`.
    """
    choices = get_choices(session, site_id=site_id, resident_id=resident_id)
    if not choices.is_on:
        raise CanteenTakesNoMoney()
    if not choices.least_fen <= amount_fen <= choices.most_fen:
        raise TopUpOutOfBounds(least_fen=choices.least_fen, most_fen=max(choices.most_fen, 0))
    if _count_unfinished(session, resident_id) >= MOST_UNFINISHED:
        raise TooManyTopUps()
    return open_payment(
        session,
        purpose=Purpose.WALLET_TOP_UP,
        site_id=site_id,
        resident_id=resident_id,
        amount_fen=amount_fen,
        lasts=timedelta(minutes=choices.minutes),
    )


def follow_settled(session: Session, event: PaymentSettled) -> None:
    """Fill the wallet, once for each payment; what it does not take is given back by the provider.

    Raises `CanteenTakesNoMoney`, `WalletTooFull`.
    """
    if event.purpose is Purpose.WALLET_TOP_UP:
        top_up(
            session,
            site_id=event.site_id,
            resident_id=event.resident_id,
            amount_fen=event.amount_fen,
            key=f"payment-{event.payment_id}",
            via=Via.PROVIDER,
        )


def refundable_fen(session: Session, wallet: Row[Any] | Wallet) -> int:
    """Return how much of what is in a wallet can go back by the way it came."""
    shares = refunding.sum_refundable(session, **_whose(wallet))
    return min(shares, wallet.balance_fen)


@all_or_nothing
def refund_by_provider(session: Session, wallet_id: int, *, key: str) -> WalletEntry:
    """Give back all of it: what came by phone the same way, the rest in cash; once for each `key`.

    The wallet is empty at once, so that nothing of it is spent while the provider pays. Returns
    the last line. Raises `NothingToRefund`, `NotFound`.
    """
    wallet = hold_wallet(session, wallet_id)
    reference = f"wallet-refund:{wallet.id}:{key}"
    known = queries.find_entry_beginning(session, reference)
    if known is not None:
        return known
    if not wallet.balance_fen:
        raise NothingToRefund()
    shares = refunding.share_out(session, **_whose(wallet), amount_fen=wallet.balance_fen)
    for share in shares:
        cause = f"{reference}:{share.payment.id}"
        refunding.give_back(session, share.payment, share.amount_fen, cause=cause)
    entries = move_all(session, [(wallet, move) for move in _moves(wallet, shares, reference)])
    session.refresh(wallet)
    finish_refund(session, wallet_id)
    return entries[-1]


def follow_refund_failed(session: Session, event: RefundFailed) -> None:
    """What the provider would not give back is in the wallet again."""
    entry = queries.find_entry(session, event.cause)
    if entry is None:
        return
    move = Move(
        WalletMove.REVERSAL,
        Via.PROVIDER,
        event.amount_fen,
        reference=f"wallet-reversal:{entry.id}",
        reverses_id=entry.id,
        note="provider-refused",
    )
    move_money(session, hold_wallet(session, entry.wallet_id), move)


def list_top_ups(
    session: Session, resident_ids: Sequence[int], *, at_most: int = 50
) -> Sequence[Row[Any]]:
    """Return what was paid in by phone for these residents, the latest first."""
    return session.execute(
        _top_ups()
        .where(col(Payment.resident_id).in_(resident_ids))
        .order_by(col(Payment.id).desc())
        .limit(at_most)
    ).all()


def get_top_up(session: Session, payment_id: int) -> Row[Any]:
    """Return a payment into a wallet with its canteen and wallet; raises `NotFound`."""
    row = session.execute(_top_ups().where(col(Payment.id) == payment_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _choices(name: str, balance: int, room: int, value: Any) -> Choices:
    most = min(int(value["most_fen"]), room)
    return Choices(
        name,
        is_on=True,
        balance_fen=balance,
        tiles_fen=[fen for fen in value["tiles_fen"] if fen <= most],
        least_fen=int(value["least_fen"]),
        most_fen=most,
        minutes=int(value["minutes"]),
    )


def _moves(wallet: Wallet, shares: Sequence[refunding.Share], reference: str) -> list[Move]:
    refund = WalletMove.REFUND
    moves = [
        Move(refund, Via.PROVIDER, -one.amount_fen, f"{reference}:{one.payment.id}")
        for one in shares
    ]
    rest = wallet.balance_fen - sum(one.amount_fen for one in shares)
    return [*moves, Move(refund, Via.CASH, -rest, reference)] if rest else moves


def _whose(wallet: Row[Any] | Wallet) -> dict[str, Any]:
    return {
        "purpose": Purpose.WALLET_TOP_UP,
        "site_id": wallet.site_id,
        "resident_id": wallet.resident_id,
    }


def _canteen(session: Session, site_id: int) -> Row[Any]:
    row = session.execute(
        select(col(Site.name), col(Site.opening_state))
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .where(col(Site.id) == site_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _balance(session: Session, site_id: int, resident_id: int) -> int:
    query = select(col(Wallet.balance_fen)).where(
        col(Wallet.site_id) == site_id, col(Wallet.resident_id) == resident_id
    )
    return session.execute(query).scalar_one_or_none() or 0


def _count_unfinished(session: Session, resident_id: int) -> int:
    query = select(func.count()).where(
        col(Payment.resident_id) == resident_id, col(Payment.state).in_(UNFINISHED)
    )
    return int(session.execute(query).scalar_one())


def _top_ups() -> Any:
    return (
        select(
            col(Payment.id),
            col(Payment.number),
            col(Payment.state),
            col(Payment.amount_fen),
            col(Payment.refunded_fen),
            col(Payment.pay_url),
            col(Payment.asked_at),
            col(Payment.expires_at),
            col(Payment.paid_at),
            col(Payment.resident_id),
            col(Payment.site_id),
            col(Site.name).label("canteen_name"),
            col(Site.phone).label("canteen_phone"),
            col(Wallet.id).label("wallet_id"),
            col(Wallet.balance_fen),
        )
        .join(Site, col(Site.id) == col(Payment.site_id))
        .outerjoin(
            Wallet,
            (col(Wallet.site_id) == col(Payment.site_id))
            & (col(Wallet.resident_id) == col(Payment.resident_id)),
        )
        .where(col(Payment.purpose) == Purpose.WALLET_TOP_UP)
    )
