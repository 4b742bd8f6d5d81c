"""What months of canteens came to, stage by stage, down to each meal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.errors import NotFound
from server.meals.models import Booking, Canteen, Meal, Sitting
from server.meals.settlement.models import (
    AdjustmentState,
    MealAdjustment,
    MealFact,
    MealSettlement,
    MealSettlementLine,
    SettlementStage,
)
from server.providers.models import Site
from server.residents.models import Resident

MOST_SHOWN = 2000


@dataclass(frozen=True)
class Wanted:
    """Which settlements: of a month, a canteen, a stage; late ones alone."""

    month: date | None = None
    site_id: int | None = None
    stage: SettlementStage | None = None
    is_late: bool = False


@dataclass(frozen=True)
class WantedMeals:
    """Which meals of a settlement: those of a line, or of a part of it."""

    meal: Meal | None = None
    age_band: str | None = None
    tier: str | None = None


def next_month(month: date) -> date:
    """Return the first day of the month after this one's first."""
    return (month + timedelta(days=32)).replace(day=1)


def list_settlements(
    session: Session, within: ColumnElement[bool], wanted: Wanted
) -> Sequence[Row[Any]]:
    """Return settlements in reach, those whose day is nearest first, paid ones at the end."""
    is_paid = col(MealSettlement.stage) == SettlementStage.PAID
    query = _settlements().where(within, *_conditions(wanted))
    in_order = query.order_by(
        is_paid, col(MealSettlement.due_on), col(MealSettlement.month).desc(), col(Site.name)
    )
    return session.execute(in_order.limit(MOST_SHOWN)).all()


def get_settlement(session: Session, settlement_id: int, within: ColumnElement[bool]) -> Row[Any]:
    """Return one settlement in reach with its canteen; raises `NotFound`."""
    query = _settlements().where(within, col(MealSettlement.id) == settlement_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def hold_settlement(session: Session, settlement_id: int) -> MealSettlement:
    """Return it, held for this transaction; raises `NotFound`."""
    query = select(MealSettlement).where(col(MealSettlement.id) == settlement_id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    held: MealSettlement | None = session.execute(fresh).scalar_one_or_none()
    if held is None:
        raise NotFound()
    return held


def list_lines(session: Session, settlement_id: int) -> Sequence[Row[Any]]:
    """Return the lines of a settlement: by meal of the day, age band and tier."""
    line = table_of(MealSettlementLine)
    in_order = func.array_position(["breakfast", "lunch", "dinner"], line.c.meal)
    query = select(*line.c).where(line.c.settlement_id == settlement_id)
    return session.execute(query.order_by(in_order, line.c.age_band, line.c.tier)).all()


def list_meals(session: Session, settlement_id: int, wanted: WantedMeals) -> Sequence[Row[Any]]:
    """Return the meals of a settlement that fit, by day, with who ate them."""
    fact = table_of(MealFact)
    query = (
        select(*fact.c, col(Resident.name).label("resident_name"), col(Booking.collected_at))
        .join(Booking, col(Booking.id) == fact.c.booking_id)
        .outerjoin(Resident, col(Resident.id) == fact.c.resident_id)
        .where(fact.c.settlement_id == settlement_id)
    )
    for name, value in vars(wanted).items():
        if value is not None:
            query = query.where(fact.c[name] == value)
    return session.execute(query.order_by(fact.c.service_on, fact.c.booking_id)).all()


def get_meal(session: Session, settlement_id: int, booking_id: int) -> Row[Any]:
    """Return one settled meal with its booking as it stands; raises `NotFound`."""
    fact = table_of(MealFact)
    kept = ("reasons", "booked_by", "booked_at", "collected_at", "code", "diet", "handing")
    query = (
        select(
            *fact.c,
            *(table_of(Booking).c[name] for name in kept),
            col(Resident.name).label("resident_name"),
        )
        .join(Booking, col(Booking.id) == fact.c.booking_id)
        .outerjoin(Resident, col(Resident.id) == fact.c.resident_id)
        .where(fact.c.settlement_id == settlement_id, fact.c.booking_id == booking_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def digest_now(session: Session, settlement_id: int) -> bytes:
    """Return SHA-256 over the meals of a settlement as they stand there now."""
    return bytes(session.execute(select(func.digest_of_meals(settlement_id))).scalar_one())


def list_to_draw_up(
    session: Session, within: ColumnElement[bool], month: date
) -> Sequence[Row[Any]]:
    """Return (id, name, waiting) of canteens in reach that offered meals in the month and are not
    drawn up; `waiting` counts adjustments nobody has decided."""
    days = (col(Sitting.service_on) >= month, col(Sitting.service_on) < next_month(month))
    offered = exists().where(
        col(Sitting.canteen_id) == col(Site.id), col(Sitting.published_at).is_not(None), *days
    )
    of_month = (col(MealSettlement.site_id) == col(Site.id), col(MealSettlement.month) == month)
    query = (
        select(col(Site.id), col(Site.name), _waiting(month).label("waiting"))
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .where(within, offered, ~exists().where(*of_month))
    )
    return session.execute(query.order_by(col(Site.name), col(Site.id))).all()


def list_adjustments(
    session: Session,
    within: ColumnElement[bool],
    *,
    site_id: int | None = None,
    month: date | None = None,
    adjustment_id: int | None = None,
) -> Sequence[Row[Any]]:
    """Return adjustments in reach, those that wait first, then the latest."""
    query = (
        select(*table_of(MealAdjustment).c, col(Site.name).label("site_name"))
        .join(Site, col(Site.id) == col(MealAdjustment.site_id))
        .where(within)
    )
    asked = {"site_id": site_id, "month": month, "id": adjustment_id}
    for name, value in asked.items():
        if value is not None:
            query = query.where(table_of(MealAdjustment).c[name] == value)
    waits = col(MealAdjustment.state) == AdjustmentState.ASKED
    in_order = query.order_by(waits.desc(), col(MealAdjustment.id).desc())
    return session.execute(in_order.limit(MOST_SHOWN)).all()


def hold_adjustment(session: Session, adjustment_id: int) -> MealAdjustment:
    """Return it, held for this transaction; raises `NotFound`."""
    query = select(MealAdjustment).where(col(MealAdjustment.id) == adjustment_id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    held: MealAdjustment | None = session.execute(fresh).scalar_one_or_none()
    if held is None:
        raise NotFound()
    return held


def _settlements() -> Select[Any]:
    return select(
        *table_of(MealSettlement).c,
        col(Site.name).label("site_name"),
        func.left(col(Site.division_code), 6).label("county_code"),
    ).join(Site, col(Site.id) == col(MealSettlement.site_id))


def _waiting(month: date) -> Any:
    return (
        select(func.count())
        .where(
            col(MealAdjustment.site_id) == col(Site.id),
            col(MealAdjustment.month) == month,
            col(MealAdjustment.state) == AdjustmentState.ASKED,
        )
        .correlate(Site)
        .scalar_subquery()
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    settlement = table_of(MealSettlement)
    asked = {"month": wanted.month, "site_id": wanted.site_id, "stage": wanted.stage}
    conditions: list[ColumnElement[bool]] = [
        settlement.c[name] == value for name, value in asked.items() if value is not None
    ]
    if wanted.is_late:
        conditions += [
            settlement.c.due_on < clock.today(),
            settlement.c.stage != SettlementStage.PAID,
        ]
    return conditions
