"""Book what standing orders want of the coming days: many orders by a few statements.

Residents, orders and sittings are held in this order, as everybody who holds several does. What
cannot be booked is written down with its reason and tried again; it never stops the others.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count, groupby
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from server import clock
from server.db.refusals import broken_constraint
from server.errors import DomainError
from server.meals import reasons, rules, service
from server.meals.errors import SittingFull
from server.meals.models import BookedBy
from server.meals.placing_many import LINK_MANY, TAKE_MANY
from server.meals.queries.booking_facts import BookingFacts, list_booking_facts
from server.meals.standing.refusals import UNPRICED, UNWRITTEN, note_refusals, note_solved
from server.policies.queries import get_figures

log = logging.getLogger(__name__)

DAYS_AHEAD = "meals.standing_days"
# A meal code that is taken is drawn anew.
DRAWS = 4

HOLD_RESIDENTS = text(
    "SELECT id FROM resident WHERE id IN"
    " (SELECT resident_id FROM standing_order WHERE id = ANY(:orders))"
    " ORDER BY id FOR KEY SHARE"
)
HOLD_ORDERS = text(
    "SELECT id FROM standing_order WHERE id = ANY(:orders) AND ended_at IS NULL"
    " ORDER BY id FOR SHARE"
)
HOLD_SITTINGS = text(
    "SELECT id, capacity - booked - held AS free FROM sitting"
    " WHERE id = ANY(:sittings) ORDER BY id FOR UPDATE"
)
# What an order wants and nobody has booked or cancelled by hand: the day is open, no pause holds.
DUE = text(
    """
    SELECT o.id AS order_id, o.resident_id, o.canteen_id, o.diet, o.handing,
           s.id AS sitting_id, s.service_on
      FROM standing_order o
      JOIN sitting s ON s.canteen_id = o.canteen_id AND s.meal = o.meal
      JOIN resident r ON r.id = o.resident_id
     WHERE o.id = ANY(:orders) AND o.ended_at IS NULL
       AND s.service_on >= greatest(:today, o.starts_on)
       AND s.service_on < least(CAST(:until AS date), coalesce(o.ends_on, :until))
       AND (o.weekdays >> (extract(isodow FROM s.service_on)::int - 1)) & 1 = 1
       AND s.published_at IS NOT NULL AND s.closed_at IS NULL AND s.cutoff_at > :now
       AND r.merged_into_id IS NULL
       AND coalesce(least(r.died_on, r.moved_away_on) >= s.service_on, true)
       AND NOT EXISTS (SELECT 1 FROM canteen_closure c
                        WHERE c.canteen_id = o.canteen_id AND c.service_on = s.service_on
                          AND (c.meal IS NULL OR c.meal = o.meal) AND c.reopened_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM meal_pause p
                        WHERE p.resident_id = o.resident_id AND p.lifted_at IS NULL
                          AND (p.order_id IS NULL OR p.order_id = o.id)
                          AND p.starts_on <= s.service_on
                          AND (p.ends_on IS NULL OR p.ends_on > s.service_on))
       AND NOT EXISTS (SELECT 1 FROM booking b
                        WHERE b.resident_id = o.resident_id AND b.service_on = s.service_on
                          AND b.meal = o.meal
                          AND (b.status <> 'cancelled'
                               OR NOT coalesce(b.cancel_reason = ANY(:may_pass), false)))
     ORDER BY o.id, s.service_on
    """
)


@dataclass
class Night:
    """What one step did: how many were booked, and what could not be, with why."""

    booked: list[Row[Any]] = field(default_factory=list)
    refused: list[tuple[Row[Any], str]] = field(default_factory=list)


def book_orders(session: Session, order_ids: Sequence[int]) -> int:
    """Book what these orders want of the coming days; returns how many meals. Harmless twice."""
    now, today = clock.now(), clock.today()
    orders = {"orders": list(order_ids)}
    session.connection().execute(HOLD_RESIDENTS, orders).all()
    session.connection().execute(HOLD_ORDERS, orders).all()
    days = get_figures(session, [DAYS_AHEAD], on=today)[DAYS_AHEAD].value
    until = today + timedelta(days=days)
    values = {"now": now, "today": today, "until": until, "may_pass": list(reasons.MAY_PASS)}
    due = session.connection().execute(DUE, orders | values).all()
    night = Night()
    for turn in _one_meal_a_day_at_a_time(due):
        _book(session, turn, night, now=now)
    _write_down(session, night, now=now)
    return len(night.booked)


def _one_meal_a_day_at_a_time(due: Sequence[Row[Any]]) -> Iterable[list[Row[Any]]]:
    """Each turn knows what the turn before booked: of three meals a day two are subsidised."""
    by_day = sorted(due, key=_day_of)
    turns: dict[int, list[Row[Any]]] = {}
    for _, meals in groupby(by_day, key=_day_of):
        for number, one in enumerate(meals):
            turns.setdefault(number, []).append(one)
    return [sorted(turns[number], key=lambda one: one.order_id) for number in sorted(turns)]


def _day_of(one: Row[Any]) -> tuple[int, date]:
    return (one.resident_id, one.service_on)


def _place_of(one: Row[Any]) -> tuple[int, int]:
    return (one.resident_id, one.sitting_id)


def _book(session: Session, wanted: list[Row[Any]], night: Night, *, now: datetime) -> None:
    fitting = _with_places(session, wanted, night)
    facts = _facts_of(session, fitting)
    left = list(fitting)
    for _ in range(DRAWS):
        rows = _priced(left, facts, night, now=now)
        written = _write(session, rows, night)
        night.booked += [one for one in left if _place_of(one) in written]
        done = written | {_place_of(one) for one, _ in night.refused}
        left = [one for one in left if _place_of(one) not in done]
        if not left:
            return


def _with_places(session: Session, wanted: list[Row[Any]], night: Night) -> list[Row[Any]]:
    """Hold the sittings; who ordered first has the places that are left."""
    sittings = {"sittings": [one.sitting_id for one in wanted]}
    free = {row.id: row.free for row in session.connection().execute(HOLD_SITTINGS, sittings)}
    turns: dict[int, Any] = {sitting: count(1) for sitting in free}
    fitting: list[Row[Any]] = []
    for one in wanted:
        if next(turns[one.sitting_id]) <= free[one.sitting_id]:
            fitting.append(one)
        else:
            night.refused.append((one, SittingFull.code))
    return fitting


def _facts_of(session: Session, wanted: list[Row[Any]]) -> dict[tuple[int, int], BookingFacts]:
    pairs = [(one.sitting_id, one.resident_id) for one in wanted]
    figures = (*rules.FIGURES_OF_A_SPLIT, *rules.FIGURES_THAT_MAY_HOLD)
    found = list_booking_facts(session, pairs, figures=figures)
    return {(resident, sitting): facts for (sitting, resident), facts in found.items()}


def _priced(
    wanted: list[Row[Any]],
    facts: dict[tuple[int, int], BookingFacts],
    night: Night,
    *,
    now: datetime,
) -> list[tuple[Row[Any], dict[str, Any]]]:
    """Price each by itself: one that cannot be priced is put down, and the others go on."""
    priced = []
    for one in wanted:
        try:
            of_it = facts[_place_of(one)]
            values = service.values_of_place(
                of_it, resident_id=one.resident_id, booked_by=BookedBy.STANDING, now=now
            )
        except DomainError as refusal:
            night.refused.append((one, refusal.code))
        except Exception:
            log.exception("a standing order was not priced", extra={"order": one.order_id})
            night.refused.append((one, UNPRICED))
        else:
            priced.append((one, values | {"diet": one.diet, "handing": one.handing}))
    return priced


def _write(
    session: Session, rows: list[tuple[Row[Any], dict[str, Any]]], night: Night
) -> set[tuple[int, int]]:
    """Write all at once; where that breaks, each half by itself, down to the one that breaks."""
    if not rows:
        return set()
    try:
        with session.begin_nested():
            return _take_many(session, [values for _, values in rows])
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        if len(rows) == 1:
            code = broken_constraint(error) or UNWRITTEN
            log.warning("a standing order was not booked", extra={"constraint": code})
            night.refused.append((rows[0][0], code[:60]))
            return set()
    half = len(rows) // 2
    return _write(session, rows[:half], night) | _write(session, rows[half:], night)


def _take_many(session: Session, values: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """Whose code or meal is taken by now is left out; the canteens may know their diners."""
    connection = session.connection()
    taken = connection.execute(TAKE_MANY, {"rows": values}).all()
    connection.execute(LINK_MANY, {"rows": values})
    return {(row.resident_id, row.sitting_id) for row in taken}


def _write_down(session: Session, night: Night, *, now: datetime) -> None:
    note_refusals(session, night.refused, at=now)
    note_solved(session, night.booked, at=now)
