"""A provider sends a worker for an order; the visit's proof redeems it; either calls it off."""

from datetime import datetime

from sqlalchemy import BigInteger, bindparam, text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import reaching_everywhere
from server.homecare.orders.errors import OrderNotSo
from server.homecare.orders.holding import check_step, hold_order
from server.homecare.orders.models import CareOrder, OrderState
from server.homecare.orders.quoting import month_of
from server.homecare.orders.states import OrderStep
from server.homecare.orders.telling import tell_of_end, tell_of_visit
from server.homecare.visits.closing import GUARD
from server.homecare.visits.errors import (
    ElderHasAVisit,
    MonthIsClosed,
    NotAWorkerHere,
    OrderKeepsItsMonth,
    WorkerIsElsewhere,
)
from server.homecare.visits.events import VisitCalledOff, VisitTold
from server.homecare.visits.models import CareVisit, VisitState
from server.homecare.visits.roster import list_workers

# Only a proof that counts, was left and confirmed, in a month that is open.
REDEEM = text(
    """
    UPDATE care_order o SET state = 'redeemed', closed_at = :at
      FROM visit_proof p
     WHERE p.visit_id = o.visit_id AND o.state = 'assigned' AND p.superseded_at IS NULL
       AND p.left_at IS NOT NULL AND p.confirmed_at IS NOT NULL
       AND NOT is_month_closed(o.site_id, o.service_on)
       AND (CAST(:visit AS bigint) IS NULL OR o.visit_id = :visit)
    RETURNING o.id
    """
).bindparams(bindparam("visit", type_=BigInteger))
CALLED_OFF = text(
    """
    UPDATE care_order SET state = 'cancelled', closed_at = :at, cancel_reason = :reason
     WHERE visit_id = :visit AND state = 'assigned' RETURNING id
    """
)


@all_or_nothing
def assign(
    session: Session, order_id: int, *, worker_id: int, starts_at: datetime | None = None
) -> CareVisit:
    """派单: send a worker of the provider, at the hour ordered or at another of the same month.

    Raises `NotFound`, `OrderNotSo`, `NotAWorkerHere`, `WorkerIsElsewhere`, `ElderHasAVisit`,
    `OrderKeepsItsMonth`, `MonthIsClosed`.
    """
    order, _ = hold_order(session, order_id)
    check_step(order, OrderStep.ASSIGN)
    begins = starts_at or order.starts_at
    day = clock.day_of(begins)
    if month_of(day) != month_of(order.service_on):
        raise OrderKeepsItsMonth()
    workers = list_workers(session, [order.site_id], on=day)
    if worker_id not in {row.worker_id for row in workers}:
        raise NotAWorkerHere()
    visit = _visit(order, worker_id, begins)
    _put(session, order, visit)
    tell_of_visit(session, order, visit)
    return visit


@all_or_nothing
def cancel_order(session: Session, order_id: int, *, reason: str) -> CareOrder:
    """取消: call an order off before somebody has arrived; what it reserved is free again.

    Twice is as good as once. Raises `NotFound`, `OrderNotSo`, `MonthIsClosed`.
    """
    order, visit = hold_order(session, order_id)
    if order.state is OrderState.CANCELLED:
        return order
    check_step(order, OrderStep.CANCEL)
    if visit is not None and visit.state in (VisitState.UNDER_WAY, VisitState.DONE):
        raise OrderNotSo(state=visit.state.value)
    closed = {GUARD: MonthIsClosed(month=f"{order.service_on:%Y-%m}")}
    with refusing(session, closed), reaching_everywhere(session):
        order.state, order.closed_at = OrderState.CANCELLED, clock.now()
        order.cancel_reason = reason
        if visit is not None and visit.state is not VisitState.CANCELLED:
            visit.state, visit.cancel_reason = VisitState.CANCELLED, reason
    tell_of_end(session, order)
    return order


def redeem(session: Session, visit_id: int | None = None) -> int:
    """核销: redeem what proved visits pay for, one's or everybody's; returns how many orders."""
    with reaching_everywhere(session):
        values = {"at": clock.now(), "visit": visit_id}
        return len(session.connection().execute(REDEEM, values).all())


def follow_told(session: Session, event: VisitTold) -> None:
    """A proof that is whole redeems the order."""
    redeem(session, event.visit_id)


def follow_called_off(session: Session, event: VisitCalledOff) -> None:
    """The provider does not come: the order is called off with its visit."""
    values = {"visit": event.visit_id, "reason": event.reason, "at": clock.now()}
    with reaching_everywhere(session):
        order_id = session.connection().execute(CALLED_OFF, values).scalar_one_or_none()
        order = session.get(CareOrder, order_id) if order_id else None
    if order is not None:
        tell_of_end(session, order)


def _visit(order: CareOrder, worker_id: int, starts_at: datetime) -> CareVisit:
    return CareVisit(
        resident_id=order.resident_id,
        site_id=order.site_id,
        worker_id=worker_id,
        service_on=clock.day_of(starts_at),
        starts_at=starts_at,
        minutes=order.minutes,
        services=order.services,
        state=VisitState.PLANNED,
    )


def _put(session: Session, order: CareOrder, visit: CareVisit) -> None:
    broken = {
        "ex_care_visit_one_worker_at_once": WorkerIsElsewhere(),
        "ex_care_visit_one_visit_at_once": ElderHasAVisit(),
        GUARD: MonthIsClosed(month=f"{order.service_on:%Y-%m}"),
    }
    with refusing(session, broken):
        session.add(visit)
        session.flush()
        order.visit_id, order.state = visit.id, OrderState.ASSIGNED
