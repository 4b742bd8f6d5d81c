"""Two weeks of published sittings for every canteen, from today on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.canteens import CANTEENS, PlannedCanteen
from infra.demo.dishes import Larder, larders, lay_tray
from server import clock
from server.meals import rules
from server.meals.models import Canteen, Meal, Sitting, SittingDish
from server.policies.queries import get_figures

DAYS_AHEAD = 14
HOURS = {
    Meal.BREAKFAST: (time(6, 30), time(8, 30)),
    Meal.LUNCH: (time(11, 0), time(12, 30)),
    Meal.DINNER: (time(17, 0), time(18, 30)),
}
FEWEST_PLACES = 20
PLACES_OF_LUNCH = {Meal.BREAKFAST: 0.5, Meal.LUNCH: 1.0, Meal.DINNER: 0.6}
CHEAPEST_YUAN = 6
LESS_THAN_LUNCH_YUAN = {Meal.BREAKFAST: 6, Meal.LUNCH: 0, Meal.DINNER: 2}


@dataclass(frozen=True, order=True)
class Gap:
    """A sitting that is not there yet; the canteen is counted as in `CANTEENS`."""

    service_on: date
    canteen_no: int
    meal: Meal


def find_gaps(session: Session, canteen_ids: Sequence[int]) -> list[Gap]:
    """Return the sittings that the next two weeks lack."""
    today = clock.today()
    rows = session.execute(
        select(col(Sitting.canteen_id), col(Sitting.service_on), col(Sitting.meal)).where(
            col(Sitting.canteen_id).in_(canteen_ids), col(Sitting.service_on) >= today
        )
    )
    there = {Gap(row.service_on, canteen_ids.index(row.canteen_id), row.meal) for row in rows}
    wanted = {
        Gap(today + timedelta(days=ahead), number, meal)
        for ahead in range(DAYS_AHEAD)
        for number, canteen in enumerate(CANTEENS)
        for meal in canteen.serves
    }
    return sorted(wanted - there, key=_in_order)


def fill_gaps(
    session: Session, beginning: Beginning, canteen_ids: Sequence[int], gaps: Sequence[Gap]
) -> list[int]:
    """Publish the missing sittings with their dishes; returns their ids, gap by gap."""
    cut_offs = _cut_offs(session, {gap.service_on for gap in gaps})
    rows = [_sitting(gap, canteen_ids, cut_offs[gap.service_on]) for gap in gaps]
    entered = insert(Sitting).returning(col(Sitting.id), sort_by_parameter_order=True)
    ids = [row.id for row in session.execute(entered, rows)]

    shelves = larders(session, canteen_ids)
    trays = [
        _tray(beginning, gap, shelves[canteen_ids[gap.canteen_no]], sitting_id)
        for gap, sitting_id in zip(gaps, ids, strict=True)
    ]
    session.execute(insert(SittingDish), [dish for tray in trays for dish in tray])
    _raise_menu_version(session, {row["canteen_id"] for row in rows})
    return ids


def find_early_cut_offs(session: Session, canteen_ids: Sequence[int]) -> bool:
    """True where a sitting of today can no longer be booked though it is still being served."""
    found = session.execute(select(col(Sitting.id)).where(*_closed_early(canteen_ids)).limit(1))
    return found.first() is not None


def reopen_today(session: Session, canteen_ids: Sequence[int]) -> None:
    """Let today's sittings be booked until they end, so that a visitor can book and collect.

    A real canteen closes the day before, as the figure `meals.cut_off` says and as every other day
    of the demo does.
    """
    for meal, (_, until) in HOURS.items():
        session.execute(
            update(Sitting)
            .where(*_closed_early(canteen_ids), col(Sitting.meal) == meal)
            .values(cutoff_at=_instant(clock.today(), until))
        )
    _raise_menu_version(session, set(canteen_ids))


def _in_order(gap: Gap) -> tuple[date, int, int]:
    return gap.service_on, gap.canteen_no, list(Meal).index(gap.meal)


def _closed_early(canteen_ids: Sequence[int]) -> list[ColumnElement[bool]]:
    today = clock.today()
    early = [
        (col(Sitting.meal) == meal) & (col(Sitting.cutoff_at) < _instant(today, until))
        for meal, (_, until) in HOURS.items()
    ]
    return [col(Sitting.canteen_id).in_(canteen_ids), col(Sitting.service_on) == today, or_(*early)]


def _cut_offs(session: Session, days: set[date]) -> dict[date, datetime]:
    figures = {day: get_figures(session, [rules.CUT_OFF], on=day) for day in sorted(days)}
    return {
        day: rules.cutoff_at(day, figure[rules.CUT_OFF].value, clock.CITY)
        for day, figure in figures.items()
    }


def _sitting(gap: Gap, canteen_ids: Sequence[int], cutoff_at: datetime) -> dict[str, Any]:
    canteen = CANTEENS[gap.canteen_no]
    opens, closes = HOURS[gap.meal]
    if gap.service_on == clock.today():
        cutoff_at = _instant(gap.service_on, closes)
    return {
        "canteen_id": canteen_ids[gap.canteen_no],
        "service_on": gap.service_on,
        "meal": gap.meal,
        "capacity": max(FEWEST_PLACES, int(canteen.lunch_places * PLACES_OF_LUNCH[gap.meal])),
        "booked": 0,
        "serves_from": opens,
        "serves_until": closes,
        "cutoff_at": cutoff_at,
        "list_price_fen": 100 * _price_yuan(canteen, gap.meal),
        "published_at": clock.now(),
    }


def _price_yuan(canteen: PlannedCanteen, meal: Meal) -> int:
    return max(CHEAPEST_YUAN, canteen.lunch_yuan - LESS_THAN_LUNCH_YUAN[meal])


def _tray(beginning: Beginning, gap: Gap, larder: Larder, sitting_id: int) -> list[dict[str, int]]:
    chance = Random(f"{beginning.seed}/menu/{gap.canteen_no}/{gap.service_on}/{gap.meal}")
    return [
        {"sitting_id": sitting_id, "dish_id": dish_id, "position": position}
        for position, dish_id in enumerate(lay_tray(chance, larder, gap.meal), start=1)
    ]


def _raise_menu_version(session: Session, canteen_ids: set[int]) -> None:
    session.execute(
        update(Canteen)
        .where(col(Canteen.site_id).in_(canteen_ids))
        .values(menu_version=col(Canteen.menu_version) + 1)
    )


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.CITY)
