"""Canteens of a scope over the last four weeks, each with its money, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, func, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry
from server.meals.models import Booking, BookingStatus, Canteen, Sitting
from server.meals.settlement.models import MealSettlement, SettlementStage
from server.meals.settlement.service import OPERATION
from server.meals.viability import rules
from server.meals.viability.rules import Standing, Takings
from server.policies.queries import get_figures
from server.providers.models import Site

COST, STILL = "meals.cost_per_meal", "meals.stands_still"
LOOK_BACK = timedelta(days=400)
PAID = ("own_pay", "subsidy", "charity")


@dataclass(frozen=True)
class Viability:
    """One canteen over the four weeks that ended yesterday; `by_day` holds each day's meals.

    `owed_fen` is what the city has agreed to and not paid, `prepaid_fen` what eaters put in.
    """

    row: Row[Any]
    by_day: Sequence[int]
    takings: Takings
    standing: Standing
    loss_fen: int
    idle_days: int | None

    @property
    def meals_a_day(self) -> float:
        """Over days on which it offered meals."""
        return self.takings.meals / self.row.open_days if self.row.open_days else 0.0


def list_viability(
    session: Session, within: ColumnElement[bool], *, today: date
) -> Sequence[Viability]:
    """Return the canteens in reach, what stands still and loses most first."""
    figures = get_figures(session, [COST, STILL, OPERATION], on=today)
    values = {key: figure.value for key, figure in figures.items()}
    found = [_viability(row, values, today) for row in _rows(session, within, today)]
    order = list(Standing)
    return sorted(found, key=lambda one: (-order.index(one.standing), -one.loss_fen, one.row.id))


def get_viability(
    session: Session, within: ColumnElement[bool], canteen_id: int, *, today: date
) -> Viability:
    """Return one canteen in reach; raises `NotFound`."""
    for found in list_viability(session, and_(within, col(Site.id) == canteen_id), today=today):
        return found
    raise NotFound()


def cost_of_a_meal(session: Session, *, today: date) -> int:
    """Return the fen by which losses are estimated, one cost for every meal."""
    return int(get_figures(session, [COST], on=today)[COST].value)


def _viability(row: Row[Any], figures: dict[str, Any], today: date) -> Viability:
    person_days = int(row.person_days or 0)
    sums = (int(row.own_pay or 0), int(row.subsidy or 0), int(row.charity or 0))
    takings = Takings(int(row.meals or 0), *sums, person_days * int(figures[OPERATION]))
    places = row.places or 0
    asked = {"last_on": row.last_on, "today": today} | figures[STILL]
    return Viability(
        row=row,
        by_day=_by_day(row.days or {}, today),
        takings=takings,
        standing=rules.standing(meals=takings.meals, places=places, **asked),
        loss_fen=takings.loss_fen(int(figures[COST])),
        idle_days=None if row.last_on is None else (today - row.last_on).days,
    )


def _by_day(found: dict[str, int], today: date) -> list[int]:
    first = today - timedelta(days=rules.DAYS)
    days = (first + timedelta(days=number) for number in range(rules.DAYS))
    return [found.get(day.isoformat(), 0) for day in days]


def _rows(session: Session, within: ColumnElement[bool], today: date) -> Sequence[Row[Any]]:
    parts = (_eaten(today), _offered(today), _last(today), _owed(), _prepaid())
    query = select(
        col(Site.id),
        col(Site.name),
        func.left(col(Site.division_code), 6).label("county_code"),
        col(Site.x),
        col(Site.y),
        *(column for part in parts for column in part.c if column.name != "site_id"),
    ).join(Canteen, col(Canteen.site_id) == col(Site.id))
    for part in parts:
        query = query.outerjoin(part, part.c.site_id == col(Site.id))
    return session.execute(query.where(within).order_by(col(Site.id))).all()


def _eaten(today: date) -> Subquery:
    """Meals of the four weeks by day, put together by canteen."""
    booking = table_of(Booking)
    days = (
        select(
            booking.c.canteen_id,
            booking.c.service_on,
            func.count().label("meals"),
            func.count(booking.c.resident_id.distinct()).label("people"),
            *(func.sum(booking.c[f"{name}_fen"]).label(name) for name in PAID),
        )
        .where(
            booking.c.service_on >= today - timedelta(days=rules.DAYS),
            booking.c.service_on < today,
            booking.c.status == BookingStatus.COLLECTED,
        )
        .group_by(booking.c.canteen_id, booking.c.service_on)
        .subquery("day_of_meals")
    )
    return (
        select(
            days.c.canteen_id.label("site_id"),
            func.sum(days.c.meals).label("meals"),
            func.sum(days.c.people).label("person_days"),
            *(func.sum(days.c[name]).label(name) for name in PAID),
            func.jsonb_object_agg(days.c.service_on, days.c.meals).label("days"),
        )
        .group_by(days.c.canteen_id)
        .subquery("eaten")
    )


def _offered(today: date) -> Subquery:
    return (
        select(
            col(Sitting.canteen_id).label("site_id"),
            func.sum(col(Sitting.capacity)).label("places"),
            func.count(col(Sitting.service_on).distinct()).label("open_days"),
        )
        .where(
            col(Sitting.service_on) >= today - timedelta(days=rules.DAYS),
            col(Sitting.service_on) < today,
            col(Sitting.published_at).is_not(None),
            col(Sitting.closed_at).is_(None),
        )
        .group_by(col(Sitting.canteen_id))
        .subquery("offered")
    )


def _last(today: date) -> Subquery:
    """The last day of a sale; longer than a year ago is as good as never."""
    return (
        select(
            col(Booking.canteen_id).label("site_id"),
            func.max(col(Booking.service_on)).label("last_on"),
        )
        .where(
            col(Booking.service_on) >= today - LOOK_BACK,
            col(Booking.service_on) <= today,
            col(Booking.status) == BookingStatus.COLLECTED,
        )
        .group_by(col(Booking.canteen_id))
        .subquery("last")
    )


def _owed() -> Subquery:
    agreed = (SettlementStage.CONFIRMED, SettlementStage.ACCEPTED)
    return (
        select(
            col(MealSettlement.site_id),
            func.sum(col(MealSettlement.owed_fen)).label("owed_fen"),
            func.min(col(MealSettlement.month)).label("owed_since"),
        )
        .where(col(MealSettlement.stage).in_(agreed))
        .group_by(col(MealSettlement.site_id))
        .subquery("owed")
    )


def _prepaid() -> Subquery:
    """What eaters have paid in and not eaten: owed to them, so below nought in the ledger."""
    return (
        select(
            col(LedgerAccount.site_id),
            (-func.sum(col(LedgerEntry.amount_fen))).label("prepaid_fen"),
        )
        .join(LedgerEntry, col(LedgerEntry.account_id) == col(LedgerAccount.id))
        .where(
            col(LedgerAccount.kind) == AccountKind.PREPAID,
            col(LedgerAccount.subject).startswith("wallet:"),
        )
        .group_by(col(LedgerAccount.site_id))
        .subquery("prepaid")
    )
