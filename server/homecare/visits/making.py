"""Visits are made ahead from agreed plans, in one statement, as often as one likes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, Row, bindparam, text
from sqlmodel import Session

from server import clock

DAYS_AHEAD = 14

# Every visit that agreed plans want: on a weekday of theirs, at a bed in service, by somebody who
# works there, in a month that is open.
_WANTED = """
    SELECT p.home_bed_id, i.resident_id, i.site_id, i.worker_id, d.day::date AS day,
           (d.day::date + i.starts) AT TIME ZONE 'Asia/Shanghai' AS starts_at,
           i.minutes, i.services, i.id AS item_id,
           EXISTS (SELECT 1 FROM workers_of(ARRAY[i.site_id], d.day::date) w
                    WHERE w.worker_id = i.worker_id) AS works_there
      FROM care_plan p
      JOIN home_bed b ON b.id = p.home_bed_id AND b.state = 'serving'
      JOIN care_plan_item i ON i.plan_id = p.id
     CROSS JOIN generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp),
                                interval '1 day') AS d (day)
     WHERE p.state = 'agreed' AND d.day::date >= p.starts_on
       AND extract(isodow FROM d.day)::int = ANY (i.weekdays)
       AND (CAST(:plan AS bigint) IS NULL OR p.id = :plan)
       AND NOT is_month_closed(i.site_id, d.day::date)
"""
_DAYS = (
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("plan", type_=BigInteger),
)
# A time at which the worker or the elder is taken is left out here and told as not placed: one
# plan that does not fit never stops another.
_MAKE = text(
    f"""
    INSERT INTO care_visit (home_bed_id, resident_id, site_id, worker_id, service_on, starts_at,
                            minutes, services, state, cancel_reason, plan_item_id, planned_on)
    SELECT home_bed_id, resident_id, site_id, worker_id, day, starts_at, minutes, services,
           'planned', '', item_id, day
      FROM ({_WANTED}) AS w WHERE works_there ORDER BY starts_at, item_id
    ON CONFLICT DO NOTHING RETURNING id
    """
).bindparams(*_DAYS)
_UNPLACED = text(
    f"""
    SELECT w.day, w.starts_at, w.minutes, w.item_id, w.worker_id, w.works_there, w.home_bed_id,
           r.name AS resident_name, name_of_staff(w.worker_id) AS worker_name
      FROM ({_WANTED}) AS w LEFT JOIN resident r ON r.id = w.resident_id
     WHERE w.site_id = ANY (:sites) AND NOT EXISTS (
           SELECT 1 FROM care_visit v WHERE v.plan_item_id = w.item_id AND v.planned_on = w.day)
     ORDER BY w.starts_at, w.item_id
    """
).bindparams(*_DAYS)


def make_visits(session: Session, *, first: date | None = None, plan_id: int | None = None) -> int:
    """Make the visits of the coming fourteen days that are not there yet; returns how many."""
    return len(session.execute(_MAKE, _between(first, plan_id)).all())


def list_unplaced(session: Session, site_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return what plans of these providers want and could not be made, in the order of the clock.

    `works_there` is False where the worker wished for works there no more; else a time is taken.
    """
    return session.execute(_UNPLACED, _between(None, None) | {"sites": list(site_ids)}).all()


def _between(first: date | None, plan_id: int | None) -> dict[str, Any]:
    since = first or clock.today() + timedelta(days=1)
    return {"first": since, "last": since + timedelta(days=DAYS_AHEAD - 1), "plan": plan_id}
