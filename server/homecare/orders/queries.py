"""Orders as an elder's list, as a provider's desk and as the sums of a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, func, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.months.queries import next_month
from server.homecare.orders.models import CareOrder, OrderState
from server.homecare.visits.models import CareVisit, HomeMonthClose, VisitProof
from server.homecare.vouchers.models import CareAllowanceEntry, Programme
from server.providers.models import FacilityKind, OpeningState, Site
from server.residents.models import Resident

SHOWN_AT_MOST = 2000
PART = {
    Programme.PURCHASED: col(CareOrder.purchased_fen),
    Programme.VOUCHER: col(CareOrder.voucher_fen),
}


@dataclass(frozen=True)
class OrderFilter:
    """Which orders are wanted; None is all."""

    month: date | None = None
    day: date | None = None
    state: OrderState | None = None
    programme: Programme | None = None
    site_id: int | None = None


def get_order(session: Session, order_id: int) -> Row[Any]:
    """Return an order with its names, its visit and its proof; raises `NotFound`."""
    row = session.execute(_shown().where(col(CareOrder.id) == order_id)).one_or_none()
    if row is None:
        raise NotFound()
    found: Row[Any] = row
    return found


def find_resident_of(session: Session, order_id: int) -> int | None:
    """Return for whom it was ordered, as far as the actor may know."""
    query = select(col(CareOrder.resident_id)).where(col(CareOrder.id) == order_id)
    return session.execute(query).scalar_one_or_none()


def list_of_residents(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return what was ordered for these people: what is ahead first, then what was."""
    query = _shown().where(col(CareOrder.resident_id).in_(resident_ids))
    order = (col(CareOrder.closed_at).is_not(None), col(CareOrder.starts_at), col(CareOrder.id))
    rows: Sequence[Row[Any]] = session.execute(query.order_by(*order).limit(100)).all()
    return rows


def list_orders(
    session: Session, within: ColumnElement[bool], wanted: OrderFilter
) -> Sequence[Row[Any]]:
    """Return the orders in reach, by day and hour; `within` is a condition on `Site` and
    `Resident`."""
    query = _shown().where(within, *_wanted(wanted))
    rows: Sequence[Row[Any]] = session.execute(
        query.order_by(col(CareOrder.starts_at), col(CareOrder.id)).limit(SHOWN_AT_MOST)
    ).all()
    return rows


def count_orders(
    session: Session, within: ColumnElement[bool], wanted: OrderFilter
) -> Mapping[OrderState, int]:
    """Return how many orders in reach stand in each state."""
    query = (
        select(col(CareOrder.state), func.count())
        .join(Site, col(Site.id) == col(CareOrder.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CareOrder.resident_id))
        .where(within, *_wanted(wanted))
        .group_by(col(CareOrder.state))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def list_facts(session: Session, within: ColumnElement[bool], month: date) -> Sequence[Row[Any]]:
    """Return what was redeemed of a month by provider, in fen, for whoever pays it out.

    `closed_at` is None while the provider's month is open: until then the figures may grow, and
    from then on the database lets nothing be redeemed in it any more.
    """
    close = (col(HomeMonthClose.site_id) == col(CareOrder.site_id)) & (
        col(HomeMonthClose.month) == month
    )
    parts = ("bill_fen", "purchased_fen", "voucher_fen", "own_fen")
    sums = [func.sum(getattr(CareOrder, name)).label(name) for name in parts]
    query = (
        select(
            col(CareOrder.site_id),
            col(Site.name).label("site_name"),
            col(HomeMonthClose.closed_at),
            func.count().label("orders"),
            func.count(func.distinct(col(CareOrder.resident_id))).label("people"),
            *sums,
        )
        .join(Site, col(Site.id) == col(CareOrder.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CareOrder.resident_id))
        .outerjoin(HomeMonthClose, close)
        .where(within, *_wanted(OrderFilter(month=month, state=OrderState.REDEEMED)))
        .group_by(col(CareOrder.site_id), col(Site.name), col(HomeMonthClose.closed_at))
        .order_by(col(Site.name), col(CareOrder.site_id))
    )
    return session.execute(query).all()


def list_entries(session: Session, order_id: int) -> Sequence[Row[Any]]:
    """Return the lines of the ledger that an order wrote, as far as the actor may see them."""
    table = table_of(CareAllowanceEntry)
    query = select(table).where(table.c.order_id == order_id).order_by(table.c.id)
    return session.execute(query).all()


def list_providers(session: Session) -> Sequence[Row[Any]]:
    """Return (id, name, phone) of the open providers of service at home."""
    query = select(col(Site.id), col(Site.name), col(Site.phone)).where(
        col(Site.kind) == FacilityKind.HOME_CARE_PROVIDER,
        col(Site.opening_state) == OpeningState.OPEN,
    )
    return session.execute(query.order_by(col(Site.name), col(Site.id))).all()


def _wanted(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.month is not None:
        first, after = wanted.month, next_month(wanted.month)
        conditions += [col(CareOrder.service_on) >= first, col(CareOrder.service_on) < after]
    if wanted.day is not None:
        conditions.append(col(CareOrder.service_on) == wanted.day)
    if wanted.state is not None:
        conditions.append(col(CareOrder.state) == wanted.state)
    if wanted.programme is not None:
        conditions.append(PART[wanted.programme] > 0)
    if wanted.site_id is not None:
        conditions.append(col(CareOrder.site_id) == wanted.site_id)
    return conditions


def _shown() -> Any:
    proof = (col(VisitProof.visit_id) == col(CareOrder.visit_id)) & col(
        VisitProof.superseded_at
    ).is_(None)
    return (
        select(
            *table_of(CareOrder).c,
            col(Resident.name).label("resident_name"),
            col(Resident.phone).label("resident_phone"),
            col(Resident.address).label("resident_address"),
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
            col(CareVisit.starts_at).label("visit_at"),
            col(CareVisit.state).label("visit_state"),
            func.name_of_staff(col(CareVisit.worker_id), type_=Text).label("worker_name"),
            col(VisitProof.arrived_at),
            col(VisitProof.left_at),
            col(VisitProof.confirmed_at),
        )
        .select_from(CareOrder)
        .join(Site, col(Site.id) == col(CareOrder.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CareOrder.resident_id))
        .outerjoin(CareVisit, col(CareVisit.id) == col(CareOrder.visit_id))
        .outerjoin(VisitProof, proof)
    )
