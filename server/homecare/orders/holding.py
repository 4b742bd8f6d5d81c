"""An order is held until the transaction ends, after its visit: everybody holds in this order."""

from sqlalchemy import select
from sqlmodel import Session, col

from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.homecare.orders.errors import OrderNotSo
from server.homecare.orders.models import CareOrder
from server.homecare.orders.states import OrderStep, may_step
from server.homecare.visits.models import CareVisit


def hold_order(session: Session, order_id: int) -> tuple[CareOrder, CareVisit | None]:
    """Return an order that the actor may know of and its visit, both held; raises `NotFound`."""
    query = select(CareOrder).where(col(CareOrder.id) == order_id)
    order: CareOrder | None = session.execute(query).scalar_one_or_none()
    if order is None:
        raise NotFound()
    held = select(CareOrder).where(col(CareOrder.id) == order_id).with_for_update()
    with reaching_everywhere(session):
        visit = _hold_visit(session, order.visit_id)
        session.execute(held.execution_options(populate_existing=True)).scalar_one()
    if order.visit_id is not None and visit is None:
        return hold_order(session, order_id)
    return order, visit


def check_step(order: CareOrder, step: OrderStep) -> None:
    """Raise `OrderNotSo` unless the table lets the order take the step."""
    if not may_step(step, order.state):
        raise OrderNotSo(state=order.state.value)


def _hold_visit(session: Session, visit_id: int | None) -> CareVisit | None:
    if visit_id is None:
        return None
    query = select(CareVisit).where(col(CareVisit.id) == visit_id).with_for_update()
    held = session.execute(query.execution_options(populate_existing=True))
    visit: CareVisit = held.scalar_one()
    return visit
