"""How meals that are handed out are paid: the wallet where it suffices, else cash."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, exists, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.meals.models import Booking, PaidHow
from server.meals.wallets.models import Via, WalletEntry, WalletMove
from server.meals.wallets.moving import Move, hold_wallet, hold_wallets, move_all, move_money

# Cash that a tablet took without a network was taken when the meal was handed out. What it tells of
# much later counts on the day on which it is told.
TOLD_LATE_AT_MOST = timedelta(days=7)
# Wallets are held before they are looked at: two meals at two counters never spend the same money.
# Of several meals of one eater the first are paid from the wallet, as far as it goes.
SETTLE = text(
    """
    WITH due AS (
        SELECT b.id, b.canteen_id, b.resident_id, b.own_pay_fen FROM booking b
         WHERE b.id = ANY (:bookings) AND b.status = 'collected' AND b.paid_at IS NULL
    ), purse AS (
        SELECT w.id, w.site_id, w.resident_id, w.balance_fen FROM wallet w
         WHERE (w.site_id, w.resident_id) IN (
               SELECT canteen_id, resident_id FROM due WHERE own_pay_fen > 0)
         ORDER BY w.id FOR UPDATE
    ), bill AS (
        SELECT due.id, purse.id AS wallet_id, purse.balance_fen,
               sum(due.own_pay_fen) OVER (PARTITION BY purse.id ORDER BY due.id) AS so_far
          FROM due LEFT JOIN purse
            ON purse.site_id = due.canteen_id AND purse.resident_id = due.resident_id
    )
    UPDATE booking b SET paid_at = CASE
           WHEN b.collected_at BETWEEN :earliest AND :now THEN b.collected_at ELSE :now END,
           paid_to = :staff, paid_how = CASE
           WHEN b.own_pay_fen = 0 THEN 'none'
           WHEN bill.so_far <= bill.balance_fen THEN 'wallet'
           ELSE 'cash' END
      FROM bill WHERE b.id = bill.id
    RETURNING b.id, b.paid_how, b.own_pay_fen, bill.wallet_id,
              (SELECT count(*) FROM wallet_entry e WHERE e.booking_id = b.id AND e.move = 'meal')
              AS times
    """
)


def pay_for(session: Session, booking_ids: Sequence[int]) -> Mapping[int, PaidHow]:
    """Settle the own pay of meals of one canteen that were just handed out; says how by booking.

    As many statements for a hundred as for one, and one where nobody has a wallet. `cash` means
    that the counter takes it now. A meal that is not collected, or was paid for already, is not
    named: paying twice is as good as once.
    """
    values = {
        "bookings": list(booking_ids),
        "now": clock.now(),
        "earliest": clock.now() - TOLD_LATE_AT_MOST,
        "staff": actor_of(session).staff_id,
    }
    paid = session.connection().execute(SETTLE, values).all()
    how = {row.id: PaidHow(row.paid_how) for row in paid}
    _charge(session, [row for row in paid if how[row.id] is PaidHow.WALLET])
    return how


def take_payment_back(session: Session, booking_id: int) -> None:
    """A meal that was taken back is not paid for: what it cost is in the wallet again."""
    entry = _find_charge(session, booking_id)
    if entry is not None:
        move = Move(
            WalletMove.REVERSAL,
            entry.via,
            -entry.amount_fen,
            reference=f"wallet-reversal:{entry.id}",
            booking_id=booking_id,
            reverses_id=entry.id,
        )
        move_money(session, hold_wallet(session, entry.wallet_id), move)
    unpaid = {"paid_how": None, "paid_at": None, "paid_to": None}
    session.execute(update(Booking).where(col(Booking.id) == booking_id).values(**unpaid))


def _charge(session: Session, paid: Sequence[Row[Any]]) -> None:
    wallets = hold_wallets(session, [row.wallet_id for row in paid])
    move_all(session, [(wallets[row.wallet_id], _meal(row)) for row in paid])


def _meal(paid: Row[Any]) -> Move:
    """A meal that was taken back and handed out again is charged again, under its next number."""
    turn = paid.times + 1
    return Move(
        WalletMove.MEAL,
        Via.BALANCE,
        -paid.own_pay_fen,
        reference=f"meal:{paid.id}" if turn == 1 else f"meal:{paid.id}:{turn}",
        booking_id=paid.id,
        turn=turn,
    )


def _find_charge(session: Session, booking_id: int) -> WalletEntry | None:
    """Return the line by which the meal was charged and that was not taken back."""
    back = aliased(WalletEntry)
    found: WalletEntry | None = session.execute(
        select(WalletEntry).where(
            col(WalletEntry.booking_id) == booking_id,
            col(WalletEntry.move) == WalletMove.MEAL,
            ~exists().where(col(back.reverses_id) == col(WalletEntry.id)),
        )
    ).scalar_one_or_none()
    return found
