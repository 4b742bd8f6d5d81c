"""What a service would cost, and who would pay what, before anything is ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.db.tables import table_of
from server.homecare.orders import rules
from server.homecare.orders.errors import AllowanceLapsesBefore, OrderTooLate
from server.homecare.orders.rules import Rounding, Split
from server.homecare.plans.models import CareService
from server.homecare.plans.queries import list_services
from server.homecare.visits.errors import ServiceUnknown
from server.homecare.vouchers.models import CareAllowance, CareEntitlement, Programme
from server.homecare.vouchers.models import EntitlementState as State
from server.policies.queries import get_figures

RATE = rules.RATES["home"]


@dataclass(frozen=True)
class Quote:
    """A split with what it rests on."""

    minutes: int
    split: Split
    purchased_id: int | None
    voucher_id: int | None
    basis: Mapping[str, Any]


def quote(session: Session, *, resident_id: int, services: Sequence[str], day: date) -> Quote:
    """Return who would pay what for services on a day.

    Raises `ServiceUnknown`, `OrderTooLate`, `AllowanceLapsesBefore`, `RuleMissing`. Whether the
    actor may ask for the person is the caller's to know.
    """
    if day < clock.today():
        raise OrderTooLate()
    chosen = _chosen(session, services, day)
    allowances = _allowances(session, resident_id, day)
    figures = get_figures(session, [RATE, rules.ROUNDING], on=day)
    split = rules.split(
        sum(one.price_fen for one in chosen),
        purchased_left=_left(allowances.get(Programme.PURCHASED)),
        voucher_left=_left(allowances.get(Programme.VOUCHER)),
        rate_percent=int(figures[RATE].value),
        rounding=Rounding(figures[rules.ROUNDING].value),
    )
    return Quote(
        minutes=sum(one.minutes for one in chosen),
        split=split,
        purchased_id=_id(allowances.get(Programme.PURCHASED), split.purchased_fen),
        voucher_id=_id(allowances.get(Programme.VOUCHER), split.voucher_fen),
        basis={
            "services": {one.code: one.price_fen for one in chosen},
            "parameters": {
                key: {"id": one.parameter_id, "value": one.value} for key, one in figures.items()
            },
        },
    )


def month_of(day: date) -> date:
    """Return the first day of its month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """Return the last day of the month that begins on the day."""
    return month_of(month + timedelta(days=31)) - timedelta(days=1)


def _chosen(session: Session, services: Sequence[str], day: date) -> list[CareService]:
    catalogue = list_services(session, on=day)
    if not services or not set(services) <= catalogue.keys():
        raise ServiceUnknown()
    return [catalogue[code] for code in sorted(set(services))]


def _allowances(session: Session, resident_id: int, day: date) -> Mapping[Programme, Row[Any]]:
    """Return this month's amounts; a day of another month is refused while there is one at all."""
    month, present = month_of(day), month_of(clock.today())
    allowance, entitlement = table_of(CareAllowance), table_of(CareEntitlement)
    of_month = select(allowance).where(
        allowance.c.resident_id == resident_id, allowance.c.month == month
    )
    lasts = select(entitlement.c.id).where(
        entitlement.c.resident_id == resident_id, entitlement.c.state == State.GRANTED
    )
    with reaching_everywhere(session):
        if month != present and session.execute(lasts).first() is not None:
            raise AllowanceLapsesBefore(
                until=last_of(present).isoformat(), opens_on=month.isoformat()
            )
        return {row.programme: row for row in session.execute(of_month).all()}


def _left(allowance: Row[Any] | None) -> int:
    if allowance is None:
        return 0
    return int(allowance.amount_fen - allowance.reserved_fen - allowance.redeemed_fen)


def _id(allowance: Row[Any] | None, part_fen: int) -> int | None:
    return allowance.id if allowance is not None and part_fen else None
