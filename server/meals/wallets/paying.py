"""How a meal that is handed out is paid: the wallet where it suffices, else cash."""

from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.meals.models import PaidHow
from server.meals.wallets.models import Via, WalletMove
from server.meals.wallets.moving import Move, hold_wallet, move_money

# A wallet is held before it is looked at: two meals at two counters never spend the same money.
SETTLE = text(
    """
    WITH purse AS (
        SELECT w.id, w.balance_fen
          FROM wallet w JOIN booking b ON b.canteen_id = w.site_id AND b.resident_id = w.resident_id
         WHERE b.id = :booking AND b.own_pay_fen > 0 AND b.paid_at IS NULL
           FOR UPDATE OF w
    )
    UPDATE booking SET paid_at = :now, paid_to = :staff, paid_how = CASE
           WHEN own_pay_fen = 0 THEN 'none'
           WHEN own_pay_fen <= (SELECT balance_fen FROM purse) THEN 'wallet'
           ELSE 'cash' END
     WHERE id = :booking AND status = 'collected' AND paid_at IS NULL
    RETURNING id, paid_how, own_pay_fen, (SELECT id FROM purse) AS wallet_id
    """
)


def pay_for(session: Session, booking_id: int) -> PaidHow | None:
    """Settle the own pay of a meal that was just handed out, and say how it is paid.

    One statement for somebody without a wallet. `cash` means that the counter takes it now. None
    where the meal is not collected, or was paid for already: paying twice is as good as once.
    """
    values = {"booking": booking_id, "now": clock.now(), "staff": actor_of(session).staff_id}
    paid = session.connection().execute(SETTLE, values).one_or_none()
    if paid is None:
        return None
    how = PaidHow(paid.paid_how)
    if how is PaidHow.WALLET:
        _charge(session, paid)
    return how


def _charge(session: Session, paid: Row[Any]) -> None:
    move = Move(
        WalletMove.MEAL,
        Via.BALANCE,
        -paid.own_pay_fen,
        reference=f"meal:{paid.id}",
        booking_id=paid.id,
    )
    move_money(session, hold_wallet(session, paid.wallet_id), move)
