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
            col(Sitting.canteen_id).in_(canteen_ids),
            col(Sitting.service_on) >= today,
            or_(col(Sitting.published_at).is_not(None), _has_dishes()),
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
    made = _publish_made(session, canteen_ids, gaps[-1].service_on)
    cut_offs = _cut_offs(session, {gap.service_on for gap in gaps})
    missing = [gap for gap in gaps if gap not in made]
    rows = [_sitting(gap, canteen_ids, cut_offs[gap.service_on]) for gap in missing]
    entered = insert(Sitting).returning(col(Sitting.id), sort_by_parameter_order=True)
    new = [row.id for row in session.execute(entered, rows)] if rows else []
    known = made | dict(zip(missing, new, strict=True))
    ids = [known[gap] for gap in gaps]

    shelves = larders(session, canteen_ids)
    trays = [
        _tray(beginning, gap, shelves[canteen_ids[gap.canteen_no]], sitting_id)
        for gap, sitting_id in zip(gaps, ids, strict=True)
    ]
    session.execute(insert(SittingDish), [dish for tray in trays for dish in tray])
    _raise_menu_version(session, {canteen_ids[gap.canteen_no] for gap in gaps})
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


def places_of(canteen: PlannedCanteen, meal: Meal) -> int:
    """Return how many places a canteen has at a meal."""
    return max(FEWEST_PLACES, int(canteen.lunch_places * PLACES_OF_LUNCH[meal]))


def price_yuan(canteen: PlannedCanteen, meal: Meal) -> int:
    """Return what a canteen asks for a meal."""
    return max(CHEAPEST_YUAN, canteen.lunch_yuan - LESS_THAN_LUNCH_YUAN[meal])


def _publish_made(session: Session, canteen_ids: Sequence[int], until: date) -> dict[Gap, int]:
    """Publish what was made ahead from templates and nobody put a dish on."""
    rows = session.execute(
        update(Sitting)
        .where(
            col(Sitting.canteen_id).in_(canteen_ids),
            col(Sitting.service_on) >= clock.today(),
            col(Sitting.service_on) <= until,
            col(Sitting.published_at).is_(None),
            ~_has_dishes(),
        )
        .values(published_at=clock.now())
        .returning(
            col(Sitting.id), col(Sitting.canteen_id), col(Sitting.service_on), col(Sitting.meal)
        )
    )
    return {
        Gap(row.service_on, canteen_ids.index(row.canteen_id), row.meal): row.id for row in rows
    }


def _has_dishes() -> ColumnElement[bool]:
    return (
        select(col(SittingDish.dish_id))
        .where(col(SittingDish.sitting_id) == col(Sitting.id))
        .correlate(Sitting)
        .exists()
    )


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
        "capacity": places_of(canteen, gap.meal),
        "booked": 0,
        "serves_from": opens,
        "serves_until": closes,
        "cutoff_at": cutoff_at,
        "list_price_fen": 100 * price_yuan(canteen, gap.meal),
        "published_at": clock.now(),
    }


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
