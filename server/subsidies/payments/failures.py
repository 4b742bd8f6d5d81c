"""Payments that an answer of the bank names as failed, and those that pay such lines again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Subquery, Text, func, select
from sqlmodel import Session

from server.db.tables import table_of
from server.errors import NotFound
from server.subsidies.payments.models import (
    PaymentState,
    SubsidyBankReturn,
    SubsidyPayment,
    SubsidyPaymentLine,
)
from server.subsidies.payments.queries import SEALED, SHOWN_AT_MOST

PAYMENT, OF_PAYMENT = table_of(SubsidyPayment), table_of(SubsidyPaymentLine)
RETURN = table_of(SubsidyBankReturn)
OPEN = [column for column in PAYMENT.c if column.name not in SEALED]


def is_waiting(one: Row[Any]) -> bool:
    """True where an answer names failures that nobody has confirmed."""
    return bool(one.failed + one.came_back and one.confirmed_at is None)


def check_is_of_batch(session: Session, batch_id: int, return_id: int) -> None:
    """Raise `NotFound` unless the answer is about the batch."""
    query = select(RETURN.c.id).where(RETURN.c.id == return_id, RETURN.c.batch_id == batch_id)
    if session.execute(query).one_or_none() is None:
        raise NotFound()


def list_named(session: Session, return_id: int) -> Sequence[Row[Any]]:
    """Return payments that an answer says did not arrive or came back, in the order of numbers."""
    query = select(*OPEN).where(
        PAYMENT.c.return_id == return_id, PAYMENT.c.state == PaymentState.FAILED
    )
    return session.execute(query.order_by(PAYMENT.c.id).limit(SHOWN_AT_MOST)).all()


def list_tried_before(
    session: Session, batch_id: int, *, limit: int | None = SHOWN_AT_MOST
) -> Sequence[Row[Any]]:
    """Return payments of a batch whose lines were tried before, with each earlier try.

    What was then begins with `then_`; `confirmer` held the bank's answer to it against what the
    bank sent, `tries` is how many there are, shown or not. Of one payment the latest try is first.
    """
    then, earlier = PAYMENT.alias(), _earlier(batch_id)
    query = (
        select(
            *OPEN,
            then.c.id.label("then_id"),
            then.c.batch_id.label("then_batch_id"),
            then.c.bank.label("then_bank"),
            then.c.last_four.label("then_last_four"),
            then.c.code.label("then_code"),
            then.c.reason.label("then_reason"),
            (then.c.account_digest != PAYMENT.c.account_digest).label("is_other_account"),
            RETURN.c.confirmed_at,
            func.name_of_staff(RETURN.c.confirmed_by, type_=Text).label("confirmer"),
            func.count().over().label("tries"),
        )
        .join(earlier, earlier.c.now_id == PAYMENT.c.id)
        .join(then, then.c.id == earlier.c.then_id)
        .outerjoin(RETURN, RETURN.c.id == then.c.return_id)
    )
    return session.execute(query.order_by(PAYMENT.c.id, then.c.id.desc()).limit(limit)).all()


def _earlier(batch_id: int) -> Subquery:
    """Payments of a batch, each with every one before it of the same lines that failed."""
    then, now = PAYMENT.alias(), PAYMENT.alias()
    of_then, of_now = OF_PAYMENT.alias(), OF_PAYMENT.alias()
    is_same = (of_now.c.run_id == of_then.c.run_id) & (of_now.c.number == of_then.c.number)
    return (
        select(now.c.id.label("now_id"), then.c.id.label("then_id"))
        .select_from(then)
        .join(of_then, of_then.c.payment_id == then.c.id)
        .join(of_now, is_same)
        .join(now, now.c.id == of_now.c.payment_id)
        .where(
            now.c.batch_id == batch_id, then.c.state == PaymentState.FAILED, then.c.id < now.c.id
        )
        .distinct()
        .subquery()
    )
