"""Payments, their refunds and their days, found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.payments.models import (
    Payment,
    PaymentDay,
    PaymentNotice,
    PaymentRefund,
    PaymentState,
    ProviderName,
    Purpose,
    RefundState,
    Verdict,
)
from server.payments.steps import UNFINISHED


def get_payment(session: Session, payment_id: int) -> Payment:
    """Return a payment; raises `NotFound`."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise NotFound()
    return payment


def find_held(session: Session, number: str) -> Payment | None:
    """Return the payment of that number, held until the end of the transaction."""
    return _held(session, col(Payment.number) == number)


def hold_payment(session: Session, payment_id: int) -> Payment:
    """Return a payment, held until the end of the transaction; raises `NotFound`."""
    payment = _held(session, col(Payment.id) == payment_id)
    if payment is None:
        raise NotFound()
    return payment


def is_transaction_known(session: Session, provider: ProviderName, number: str) -> bool:
    """True where this transaction of the provider has paid for something."""
    query = select(col(Payment.id)).where(
        col(Payment.provider) == provider, col(Payment.transaction_number) == number
    )
    return session.execute(query).first() is not None


def list_unfinished(session: Session, *, asked_before: datetime, limit: int) -> Sequence[Row[Any]]:
    """Return (id, number, expires_at) of payments that nothing was heard of, the oldest first."""
    return session.execute(
        select(col(Payment.id), col(Payment.number), col(Payment.expires_at))
        .where(col(Payment.state).in_(UNFINISHED), col(Payment.asked_at) < asked_before)
        .order_by(col(Payment.asked_at), col(Payment.id))
        .limit(limit)
    ).all()


def list_refunds_to_send(session: Session, *, limit: int) -> Sequence[Row[Any]]:
    """Return (id, number, order_number, amount_fen) of refunds on their way, the oldest first."""
    return session.execute(
        select(
            col(PaymentRefund.id),
            col(PaymentRefund.number),
            col(Payment.number).label("order_number"),
            col(PaymentRefund.amount_fen),
        )
        .join(Payment, col(Payment.id) == col(PaymentRefund.payment_id))
        .where(col(PaymentRefund.state) == RefundState.ASKED)
        .order_by(col(PaymentRefund.asked_at), col(PaymentRefund.id))
        .limit(limit)
    ).all()


def hold_refund(session: Session, refund_id: int) -> PaymentRefund:
    """Return a refund, held until the end of the transaction; raises `NotFound`."""
    query = select(PaymentRefund).where(col(PaymentRefund.id) == refund_id).with_for_update()
    found = session.execute(query.execution_options(populate_existing=True))
    refund: PaymentRefund | None = found.scalar_one_or_none()
    if refund is None:
        raise NotFound()
    return refund


def hold_refundable(
    session: Session, *, purpose: Purpose, site_id: int, resident_id: int, since: datetime
) -> Sequence[Payment]:
    """Return payments of which something can be given back, the latest first, all held."""
    query = (
        select(Payment)
        .where(
            col(Payment.purpose) == purpose,
            col(Payment.site_id) == site_id,
            col(Payment.resident_id) == resident_id,
            col(Payment.state) == PaymentState.PAID,
            col(Payment.refunded_fen) < col(Payment.amount_fen),
            col(Payment.paid_at) >= since,
        )
        .order_by(col(Payment.id).desc())
        .with_for_update()
    )
    return session.execute(query.execution_options(populate_existing=True)).scalars().all()


def sum_refundable(
    session: Session, *, purpose: Purpose, site_id: int, resident_id: int, since: datetime
) -> int:
    """Return how much could go back by the provider."""
    left = func.coalesce(func.sum(col(Payment.amount_fen) - col(Payment.refunded_fen)), 0)
    return int(
        session.execute(
            select(left).where(
                col(Payment.purpose) == purpose,
                col(Payment.site_id) == site_id,
                col(Payment.resident_id) == resident_id,
                col(Payment.state) == PaymentState.PAID,
                col(Payment.paid_at) >= since,
            )
        ).scalar_one()
    )


def list_refunds_of(session: Session, payment_id: int) -> Sequence[PaymentRefund]:
    """Return what was given back of a payment, the oldest first."""
    return (
        session.execute(
            select(PaymentRefund)
            .where(col(PaymentRefund.payment_id) == payment_id)
            .order_by(col(PaymentRefund.id))
        )
        .scalars()
        .all()
    )


def list_paid_between(
    session: Session, provider: ProviderName, begins: datetime, ends: datetime
) -> Sequence[Row[Any]]:
    """Return (number, amount_fen) of what was paid and, below nought, given back by then."""
    paid: Any = select(col(Payment.number), col(Payment.amount_fen).label("amount_fen")).where(
        col(Payment.provider) == provider, *_between(Payment.paid_at, begins, ends)
    )
    back = (
        select(col(PaymentRefund.number), (-col(PaymentRefund.amount_fen)).label("amount_fen"))
        .join(Payment, col(Payment.id) == col(PaymentRefund.payment_id))
        .where(
            col(Payment.provider) == provider,
            col(PaymentRefund.state) == RefundState.DONE,
            *_between(PaymentRefund.ended_at, begins, ends),
        )
    )
    both = paid.union_all(back).subquery("both")
    return session.execute(select(both).order_by(both.c.number)).all()


def list_days(session: Session, *, at_most: int) -> Sequence[Row[Any]]:
    """Return how each day compares, the latest first; only the last comparison of a day."""
    newer = (
        select(func.max(col(PaymentDay.number)))
        .where(col(PaymentDay.day) == _outer.c.day, col(PaymentDay.provider) == _outer.c.provider)
        .scalar_subquery()
    )
    return session.execute(
        select(_outer).where(_outer.c.number == newer).order_by(_outer.c.day.desc()).limit(at_most)
    ).all()


def last_number(session: Session, provider: ProviderName, day: date) -> int:
    """Return how many times a day was compared."""
    query = select(func.coalesce(func.max(col(PaymentDay.number)), 0)).where(
        col(PaymentDay.provider) == provider, col(PaymentDay.day) == day
    )
    return int(session.execute(query).scalar_one())


def count_forged(session: Session, *, since: datetime) -> int:
    """Return how many forged notices were kept since then."""
    query = select(func.count()).where(
        col(PaymentNotice.verdict) == Verdict.FORGED, col(PaymentNotice.received_at) >= since
    )
    return int(session.execute(query).scalar_one())


def list_doubtful_notices(session: Session, *, at_most: int) -> Sequence[Row[Any]]:
    """Return notices that were not believed, the latest first, with the payment they name."""
    return session.execute(
        select(
            col(PaymentNotice.id),
            col(PaymentNotice.verdict),
            col(PaymentNotice.received_at),
            col(PaymentNotice.times),
            col(Payment.number),
        )
        .outerjoin(Payment, col(Payment.id) == col(PaymentNotice.payment_id))
        .where(col(PaymentNotice.verdict).not_in((Verdict.TAKEN, Verdict.KNOWN)))
        .order_by(col(PaymentNotice.id).desc())
        .limit(at_most)
    ).all()


def list_stranded(session: Session, *, at_most: int) -> Sequence[Row[Any]]:
    """Return payments that nobody could use and that the provider did not give back, the oldest
    first: (number, paid_at, left_fen)."""
    left = col(Payment.amount_fen) - col(Payment.refunded_fen)
    return session.execute(
        select(col(Payment.number), col(Payment.paid_at), left.label("left_fen"))
        .where(col(Payment.state) == PaymentState.RETURNED, left > 0)
        .order_by(col(Payment.id))
        .limit(at_most)
    ).all()


_outer = PaymentDay.__table__.alias("compared")  # type: ignore[attr-defined]


def _between(column: Any, begins: datetime, ends: datetime) -> tuple[Any, Any]:
    return col(column) >= begins, col(column) < ends


def _held(session: Session, condition: Any) -> Payment | None:
    query = select(Payment).where(condition).with_for_update()
    found = session.execute(query.execution_options(populate_existing=True))
    payment: Payment | None = found.scalar_one_or_none()
    return payment
