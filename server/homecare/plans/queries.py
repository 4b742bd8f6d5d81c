"""The catalogue as it holds on a day, and plans."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, func, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.homecare.plans.models import CarePlan, CarePlanItem, CareService, PlanState
from server.providers.models import Site
from server.residents.models import Resident


def list_services(session: Session, *, on: date) -> Mapping[str, CareService]:
    """Return the services of the catalogue in force on a day, by code."""
    rows = session.execute(
        select(CareService)
        .where(col(CareService.starts_on) <= on)
        .order_by(col(CareService.category), col(CareService.code), col(CareService.starts_on))
    )
    return {service.code: service for service in rows.scalars()}


def get_plan(session: Session, plan_id: int) -> Row[Any]:
    """Return a plan with its names; raises `NotFound`."""
    row = session.execute(_shown().where(col(CarePlan.id) == plan_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_items(session: Session, within: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return every item of the sites' plans that count or wait, with its plan, by name and hour."""
    now = (PlanState.DRAFTED, PlanState.AGREED)
    order = col(CarePlanItem.id)
    item = ("weekdays", "starts", "minutes", "services")
    return session.execute(
        select(
            *(getattr(CarePlanItem, name) for name in item),
            func.name_of_staff(col(CarePlanItem.worker_id), type_=Text).label("worker_name"),
            col(CarePlan.state),
            col(CarePlan.starts_on),
            col(CarePlan.note),
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
        )
        .join(CarePlan, col(CarePlan.id) == col(CarePlanItem.plan_id))
        .join(Site, col(Site.id) == col(CarePlan.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CarePlan.resident_id))
        .where(within, col(CarePlan.state).in_(now))
        .order_by(col(Resident.name), col(CarePlan.id), col(CarePlanItem.starts), order)
    ).all()


def find_resident_of(session: Session, plan_id: int) -> int | None:
    """Return whom a plan is for, as far as the actor may know."""
    query = select(col(CarePlan.resident_id)).where(col(CarePlan.id) == plan_id)
    return session.execute(query).scalar_one_or_none()


def list_plans_of_bed(session: Session, home_bed_id: int) -> Sequence[Row[Any]]:
    """Return every version of a bed's plan, the newest first."""
    query = _shown().where(col(CarePlan.home_bed_id) == home_bed_id)
    return session.execute(query.order_by(col(CarePlan.id).desc())).all()


def list_plans_of_residents(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the plans of these people that count or wait for their yes, the newest first."""
    now = (PlanState.DRAFTED, PlanState.AGREED)
    query = _shown().where(
        col(CarePlan.resident_id).in_(resident_ids), col(CarePlan.state).in_(now)
    )
    return session.execute(query.order_by(col(CarePlan.id).desc())).all()


def items_of(session: Session, plan_ids: Sequence[int]) -> Mapping[int, Sequence[Row[Any]]]:
    """Return the items of plans, by plan, in the order of the clock."""
    rows = session.execute(
        select(
            *CarePlanItem.__table__.columns,  # type: ignore[attr-defined]
            func.name_of_staff(col(CarePlanItem.worker_id), type_=Text).label("worker_name"),
        )
        .where(col(CarePlanItem.plan_id).in_(plan_ids))
        .order_by(col(CarePlanItem.starts), col(CarePlanItem.id))
    ).all()
    return {number: [row for row in rows if row.plan_id == number] for number in plan_ids}


def _shown() -> Any:
    return (
        select(
            *CarePlan.__table__.columns,  # type: ignore[attr-defined]
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
        )
        .join(Site, col(Site.id) == col(CarePlan.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CarePlan.resident_id))
    )
