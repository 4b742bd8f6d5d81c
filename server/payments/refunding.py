"""Money on its way back by the provider it came from."""

from dataclasses import dataclass

from sqlmodel import Session

from server import clock, events
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.payments import numbers, queries, rules
from server.payments.errors import NothingToGiveBack
from server.payments.events import RefundFailed
from server.payments.models import Payment, PaymentRefund, Purpose, RefundState
from server.payments.providing import Outcome, Standing, present_provider


@dataclass(frozen=True)
class Share:
    """How much of an amount goes back by one payment."""

    payment: Payment
    amount_fen: int


def give_back(session: Session, payment: Payment, amount_fen: int, *, cause: str) -> PaymentRefund:
    """Ask that part of a payment that is held go back; sent once this is kept.

    Raises `NothingToGiveBack`, which the database holds too.
    """
    refund = PaymentRefund(
        number=numbers.of_a_refund(),
        payment_id=payment.id or 0,
        amount_fen=amount_fen,
        cause=cause,
        asked_by=actor_of(session).staff_id,
        asked_at=clock.now(),
    )
    with refusing(session, {"ck_payment_refunded_within_amount": NothingToGiveBack()}):
        session.add(refund)
    session.refresh(payment)
    return refund


def share_out(
    session: Session, *, purpose: Purpose, site_id: int, resident_id: int, amount_fen: int
) -> list[Share]:
    """Return by which payments an amount can go back, the latest first, as far as they go.

    Without a provider nobody would send it: then by none.
    """
    if present_provider() is None:
        return []
    since = clock.now() - rules.REFUNDABLE_FOR
    payments = queries.hold_refundable(
        session, purpose=purpose, site_id=site_id, resident_id=resident_id, since=since
    )
    left = [one.amount_fen - one.refunded_fen for one in payments]
    given = rules.shares(left, amount_fen)
    return [Share(one, fen) for one, fen in zip(payments, given, strict=True) if fen]


def sum_refundable(session: Session, *, purpose: Purpose, site_id: int, resident_id: int) -> int:
    """Return how much could go back by the provider; nothing where there is none."""
    if present_provider() is None:
        return 0
    since = clock.now() - rules.REFUNDABLE_FOR
    return queries.sum_refundable(
        session, purpose=purpose, site_id=site_id, resident_id=resident_id, since=since
    )


def take_refund_standing(session: Session, refund_id: int, standing: Standing) -> bool:
    """Take in what the provider says of a refund; False where nothing changed.

    Whoever gave the money up hears of a refusal, in the same transaction.
    """
    refund = queries.hold_refund(session, refund_id)
    if refund.state is not RefundState.ASKED:
        return False
    if standing.outcome not in (Outcome.PAID, Outcome.REFUSED):
        return False
    is_done = standing.outcome is Outcome.PAID
    refund.state = RefundState.DONE if is_done else RefundState.FAILED
    refund.ended_at = min(standing.at or clock.now(), clock.now())
    refund.provider_number = standing.transaction_number
    session.add(refund)
    session.flush()
    if not is_done:
        events.publish(session, RefundFailed(refund.id or 0, refund.cause, refund.amount_fen))
    return True
