"""餐次模板: what a canteen serves week by week, and the sittings made ahead from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session

from server import clock
from server.db.tables import table_of
from server.meals import rules
from server.meals.kitchen.errors import TemplateInThePast
from server.meals.kitchen.models import SittingTemplate
from server.meals.models import Meal
from server.places.workdays import holidays_between
from server.policies.queries import get_figures

DAYS_AHEAD = 21

# The template of each day: the one that began last. A day without a figure has no sittings.
WANTED = """
    WITH day AS (
        SELECT d::date AS service_on
          FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') d
    ), said AS (
        SELECT DISTINCT ON (c.site_id, day.service_on, t.meal) day.service_on, t.*,
               c.serves_on_holidays OR day.service_on <> ALL (CAST(:holidays AS date[])) AS is_open
          FROM canteen c
          JOIN site s ON s.id = c.site_id AND s.opening_state = 'open'
          CROSS JOIN day
          JOIN sitting_template t ON t.canteen_id = c.site_id
                                 AND t.weekday = extract(isodow FROM day.service_on)
                                 AND t.starts_on <= day.service_on
         WHERE CAST(:canteen AS bigint) IS NULL OR c.site_id = :canteen
         ORDER BY c.site_id, day.service_on, t.meal, t.starts_on DESC
    )
"""
MAKE = text(
    f"""
    {WANTED}, timed AS (
        SELECT said.*,
               (service_on - coalesce(cutoff_days, (p.value ->> 'days_before')::int)
                + coalesce(cutoff_at, (p.value ->> 'at')::time)) AT TIME ZONE :city AS closes_at,
               (service_on + late_until) AT TIME ZONE :city AS late_at
          FROM said
          JOIN parameter p ON p.key = :cut_off AND p.starts_on <= service_on
                          AND (p.ends_on IS NULL OR p.ends_on > service_on)
         WHERE is_served AND is_open
    )
    INSERT INTO sitting (canteen_id, service_on, meal, capacity, booked, serves_from, serves_until,
                         cutoff_at, late_until, late_places, late_booked, list_price_fen)
    SELECT canteen_id, service_on, meal, capacity, 0, serves_from, serves_until, closes_at,
           CASE WHEN late_at > closes_at THEN late_at END,
           CASE WHEN late_at > closes_at THEN late_places ELSE 0 END, 0, list_price_fen
      FROM timed
     ORDER BY canteen_id, service_on, meal
        ON CONFLICT (canteen_id, service_on, meal) DO UPDATE
       SET capacity = excluded.capacity, serves_from = excluded.serves_from,
           serves_until = excluded.serves_until, cutoff_at = excluded.cutoff_at,
           late_until = excluded.late_until, late_places = excluded.late_places,
           list_price_fen = excluded.list_price_fen
     WHERE sitting.published_at IS NULL AND sitting.closed_at IS NULL AND sitting.booked = 0
       AND (sitting.capacity, sitting.serves_from, sitting.serves_until, sitting.cutoff_at,
            sitting.late_until, sitting.late_places, sitting.list_price_fen)
           IS DISTINCT FROM
           (excluded.capacity, excluded.serves_from, excluded.serves_until, excluded.cutoff_at,
            excluded.late_until, excluded.late_places, excluded.list_price_fen)
    RETURNING id
    """
)
# What a template gives up, or a holiday takes away, is offered no more where nobody knew of it yet.
DROP = text(
    f"""
    {WANTED}
    UPDATE sitting SET closed_at = :now
      FROM said
     WHERE sitting.canteen_id = said.canteen_id AND sitting.service_on = said.service_on
       AND sitting.meal = said.meal AND NOT (said.is_served AND said.is_open)
       AND sitting.published_at IS NULL AND sitting.closed_at IS NULL AND sitting.booked = 0
    RETURNING sitting.id
    """
)
OF_DAYS = (bindparam("holidays", type_=ARRAY(Date)), bindparam("canteen", type_=BigInteger))
MAKE = MAKE.bindparams(*OF_DAYS, bindparam("cut_off", type_=Text), bindparam("city", type_=Text))
DROP = DROP.bindparams(*OF_DAYS)
IN_FORCE = text(
    """
    WITH said AS (
        SELECT DISTINCT ON (t.weekday, t.meal, t.starts_on > :today)
               t.*, t.starts_on > :today AS is_coming
          FROM sitting_template t WHERE t.canteen_id = :canteen
         ORDER BY t.weekday, t.meal, t.starts_on > :today,
                  CASE WHEN t.starts_on > :today THEN t.starts_on END,
                  t.starts_on DESC
    )
    SELECT * FROM said ORDER BY weekday, serves_from, meal, is_coming
    """
)


@dataclass(frozen=True)
class Served:
    """How a meal is served from a day on; without a cut-off of its own, as the city's figure."""

    starts_on: date
    is_served: bool
    serves_from: time
    serves_until: time
    capacity: int
    list_price_fen: int
    cutoff_days: int | None = None
    cutoff_at: time | None = None
    late_until: time | None = None
    late_places: int = 0


def set_templates(
    session: Session, canteen_id: int, weekdays: Sequence[int], meal: Meal, served: Served
) -> int:
    """Say how a meal is served on these weekdays from a day on, and bring coming sittings to it.

    Sittings that are published or booked stay as they were offered. Returns how many were made or
    changed; raises `TemplateInThePast`.
    """
    if served.starts_on < clock.today():
        raise TemplateInThePast()
    rows = [
        {"canteen_id": canteen_id, "weekday": weekday, "meal": meal, **vars(served)}
        for weekday in weekdays
    ]
    said = upsert(table_of(SittingTemplate)).values(rows)
    changed = {name: said.excluded[name] for name in vars(served) if name != "starts_on"}
    session.execute(said.on_conflict_do_update(constraint="uq_sitting_template_once", set_=changed))
    return make_sittings(session, canteen_id)


def make_sittings(session: Session, canteen_id: int | None = None) -> int:
    """Make the sittings of the coming three weeks, of one canteen or all; returns how many.

    What is there stays, but follows its template until it is published; harmless twice. Raises
    `RuleMissing` where nobody says when a sitting closes.
    """
    tomorrow = clock.today() + timedelta(days=1)
    get_figures(session, [rules.CUT_OFF], on=tomorrow)
    last = tomorrow + timedelta(days=DAYS_AHEAD - 1)
    days = {
        "first": tomorrow,
        "last": last,
        "canteen": canteen_id,
        "holidays": holidays_between(tomorrow, last),
    }
    made = session.execute(MAKE, {**days, "cut_off": rules.CUT_OFF, "city": clock.CITY.key}).all()
    dropped = session.execute(DROP, {**days, "now": clock.now()}).all()
    return len(made) + len(dropped)


def list_templates(session: Session, canteen_id: int) -> Sequence[Row[Any]]:
    """Return what holds today and what comes next, by weekday and meal."""
    return session.execute(IN_FORCE, {"canteen": canteen_id, "today": clock.today()}).all()
