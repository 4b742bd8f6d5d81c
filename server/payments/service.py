"""Open a payment, believe or refuse what is told of it, and let it end: each of them once."""

from datetime import timedelta

from sqlmodel import Session

from server import clock, events
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import DomainError
from server.payments import numbers, queries, rules
from server.payments.errors import PaymentsSwitchedOff
from server.payments.events import PaymentSettled
from server.payments.models import Payment, PaymentState, Purpose, Verdict
from server.payments.providing import Order, Outcome, Standing, present_provider
from server.payments.refunding import give_back
from server.payments.steps import MOVES, Step, may_take


class _TransactionTaken(Exception):
    """The provider's transaction has paid for another payment."""


def open_payment(
    session: Session,
    *,
    purpose: Purpose,
    site_id: int,
    resident_id: int,
    amount_fen: int,
    lasts: timedelta,
) -> Payment:
    """Write down that somebody wishes to pay; the provider is told once this is kept.

    Raises `PaymentsSwitchedOff`.
    """
    provider = present_provider()
    if provider is None:
        raise PaymentsSwitchedOff()
    payment = Payment(
        number=numbers.of_a_payment(),
        purpose=purpose,
        provider=provider.name,
        site_id=site_id,
        resident_id=resident_id,
        amount_fen=amount_fen,
        asked_by=actor_of(session).account_id,
        asked_at=clock.now(),
        expires_at=clock.now() + lasts,
    )
    session.add(payment)
    session.flush()
    return payment


def order_of(payment: Payment, *, return_path: str) -> Order:
    """Return what the provider is told of a payment."""
    return Order(payment.number, payment.amount_fen, payment.expires_at, return_path)


def note_placed(session: Session, payment_id: int, pay_url: str) -> bool:
    """Note where it is paid; False where the payment has gone on meanwhile."""
    payment = queries.hold_payment(session, payment_id)
    if not may_take(Step.PLACE, payment.state):
        return False
    payment.pay_url = pay_url
    _step(session, payment, Step.PLACE)
    return True


def take_standing(session: Session, standing: Standing) -> Verdict:
    """Take in what the provider says of one of our numbers, told or asked; harmless twice.

    Whoever is second finds the payment as the first has left it: the row is held.
    """
    payment = queries.find_held(session, standing.number)
    verdict = rules.judge(payment, standing)
    if verdict is not Verdict.TAKEN or payment is None:
        return verdict
    if standing.outcome is Outcome.PAID:
        return _settle(session, payment, standing)
    return _end(session, payment, standing.outcome)


def expire(session: Session, payment_id: int, *, why: str = "") -> bool:
    """Let a payment lapse that the provider has closed; False where it was paid or ended first."""
    payment = queries.hold_payment(session, payment_id)
    if not may_take(Step.EXPIRE, payment.state):
        return False
    payment.closed_for = why
    _step(session, payment, Step.EXPIRE)
    return True


def _settle(session: Session, payment: Payment, standing: Standing) -> Verdict:
    try:
        with refusing(session, {"uq_payment_transaction": _TransactionTaken()}):
            payment.transaction_number = standing.transaction_number
            payment.paid_at = min(standing.at or clock.now(), clock.now())
            _step(session, payment, Step.PAY)
    except _TransactionTaken:
        session.refresh(payment)
        return Verdict.OTHER_PAYMENT
    _hand_over(session, payment)
    return Verdict.TAKEN


def _hand_over(session: Session, payment: Payment) -> None:
    """Let it be used for what it was paid for; what nobody can use any more goes back whole."""
    assert payment.id is not None, "a stored payment has its key"
    settled = PaymentSettled(
        payment.id, payment.purpose, payment.site_id, payment.resident_id, payment.amount_fen
    )
    try:
        with session.begin_nested():
            events.publish(session, settled)
    except DomainError as refusal:
        payment.closed_for = refusal.code[:40]
        _step(session, payment, Step.RETURN)
        cause = f"payment-returned:{payment.id}"
        give_back(session, payment, payment.amount_fen, cause=cause)


def _end(session: Session, payment: Payment, outcome: Outcome) -> Verdict:
    step = Step.REFUSE if outcome is Outcome.REFUSED else Step.EXPIRE
    if not may_take(step, payment.state):
        return Verdict.KNOWN
    _step(session, payment, step)
    return Verdict.TAKEN


def _step(session: Session, payment: Payment, step: Step) -> None:
    payment.state = PaymentState(MOVES[step].after)
    session.add(payment)
    session.flush()
