"""The cash of a counter's day, line by line and by who took it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, func, literal, select, union_all
from sqlmodel import Session, col

from server import clock
from server.identity.models import Staff
from server.meals.models import Booking, PaidHow
from server.meals.wallets.models import CashCount, Via, WalletEntry
from server.residents.models import Resident


def list_cash(session: Session, site_id: int, day: date) -> Sequence[Row[Any]]:
    """Return (at, what, amount_fen, name, by_name, entry_id) of a day, in the order it happened.

    `what` is a move of a wallet, or `meal_cash`; below nought it was paid out.
    """
    moved = union_all(_moves(site_id, day), _meals(site_id, day)).subquery("moved")
    return session.execute(
        select(
            moved.c.at,
            moved.c.what,
            moved.c.amount_fen,
            col(Resident.name),
            col(Staff.display_name).label("by_name"),
            moved.c.entry_id,
        )
        .outerjoin(Resident, col(Resident.id) == moved.c.resident_id)
        .outerjoin(Staff, col(Staff.id) == moved.c.staff_id)
        .order_by(moved.c.at, moved.c.entry_id, col(Resident.id))
    ).all()


def expected_cash(session: Session, site_id: int, day: date) -> int:
    """Return what should be in the drawer of a day: taken less paid out."""
    moved = session.execute(
        select(func.coalesce(func.sum(col(WalletEntry.amount_fen)), 0)).where(
            *_in_cash(site_id, day)
        )
    ).scalar_one()
    return int(moved) + cash_of_meals(session, site_id, day)


def cash_of_meals(session: Session, site_id: int, day: date) -> int:
    """Return what was taken in cash for meals that were handed out, on that day."""
    taken = session.execute(
        select(func.coalesce(func.sum(col(Booking.own_pay_fen)), 0)).where(
            *_paid_in_cash(site_id, day)
        )
    ).scalar_one()
    return int(taken)


def list_counts(session: Session, site_id: int, day: date) -> Sequence[Row[Any]]:
    """Return the counts of a day, the one that stands first."""
    return session.execute(
        select(
            col(CashCount.number),
            col(CashCount.expected_fen),
            col(CashCount.counted_fen),
            (col(CashCount.counted_fen) - col(CashCount.expected_fen)).label("difference_fen"),
            col(CashCount.note),
            col(CashCount.counted_at),
            col(Staff.display_name).label("by_name"),
        )
        .outerjoin(Staff, col(Staff.id) == col(CashCount.counted_by))
        .where(col(CashCount.site_id) == site_id, col(CashCount.day) == day)
        .order_by(col(CashCount.number).desc())
    ).all()


def _moves(site_id: int, day: date) -> Any:
    return select(
        col(WalletEntry.made_at).label("at"),
        cast(col(WalletEntry.move), Text).label("what"),
        col(WalletEntry.amount_fen),
        col(WalletEntry.resident_id),
        col(WalletEntry.made_by).label("staff_id"),
        col(WalletEntry.id).label("entry_id"),
    ).where(*_in_cash(site_id, day))


def _meals(site_id: int, day: date) -> Any:
    return select(
        col(Booking.paid_at),
        literal("meal_cash"),
        col(Booking.own_pay_fen),
        col(Booking.resident_id),
        col(Booking.paid_to),
        literal(None),
    ).where(*_paid_in_cash(site_id, day))


def _in_cash(site_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(WalletEntry.site_id) == site_id,
        col(WalletEntry.made_on) == day,
        col(WalletEntry.via) == Via.CASH,
    )


def _paid_in_cash(site_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    begins = datetime.combine(day, time(), clock.CITY)
    return (
        col(Booking.canteen_id) == site_id,
        col(Booking.paid_at) >= begins,
        col(Booking.paid_at) < begins + timedelta(days=1),
        col(Booking.paid_how) == PaidHow.CASH,
    )
