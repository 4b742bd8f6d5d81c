"""A day of reminders: what is due is found, put down and told; what was put right is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.caregivers.reminders.asking import Told, tell_offices
from server.caregivers.reminders.facts import read_facts
from server.caregivers.reminders.models import OF_CAREGIVERS, ReminderKind
from server.caregivers.reminders.papers import FIXED, find_papers_there
from server.caregivers.reminders.rules import (
    PARAMETERS,
    Due,
    Figures,
    Plan,
    plan_of,
    reminders_due,
)
from server.identity.models import Role
from server.identity.telling import list_reachable
from server.places.workdays import is_workday
from server.policies.queries import get_figures

LOOKED_BACK = timedelta(days=400)
A_MONTH, A_WEEK = timedelta(days=31), timedelta(days=7)
COUNTED = tuple(kind.value for kind in OF_CAREGIVERS)
OPEN = text(
    f"""
    SELECT r.id, {FIXED} AS is_fixed FROM reminder r
     WHERE r.done_on IS NULL AND r.due_on BETWEEN :since AND :day
       AND r.kind IN ('certificate', 'contract', 'education', 'attendance', 'papers',
                      'instalment', 'window_opens', 'window_closes')
       AND (r.kind = 'certificate' OR r.about_on >= CAST(:day AS date) - 31)
    """
)
CLOSE = text("UPDATE reminder r SET done_on = :day WHERE r.id = ANY (:ids) RETURNING r.id")
OF_SITES = text(
    """
    SELECT site_id, kind, count(*) AS many FROM reminder
     WHERE due_on = :day AND caregiver_id IS NOT NULL
     GROUP BY site_id, kind ORDER BY site_id, kind
    """
)
OF_COUNTIES = text(
    """
    SELECT left(s.division_code, 6) AS county, r.kind, count(*) AS many
      FROM reminder r JOIN site s ON s.id = r.site_id
     WHERE r.due_on > :since AND r.due_on <= :day AND r.caregiver_id IS NOT NULL
       AND r.done_on IS NULL
     GROUP BY county, r.kind ORDER BY county, r.kind
    """
)
TOLD = (Role.COUNTY_OFFICER, Role.FACILITY_OPERATOR, Role.HOME_CARE_PROVIDER)


@dataclass(frozen=True)
class Group:
    """Counts of reminders by kind, of one site or county."""

    whose: Any
    counts: Mapping[str, int]


def find_due(session: Session, first: date, last: date, *, day: date) -> list[Due]:
    """Return the caregivers' reminders that fall between two days, as things stand on `day`."""
    figures = figures_on(session, day)
    plan = plan_of(figures, first, last, is_workday)
    facts = read_facts(session, plan, day=day)
    return reminders_due(plan, facts, figures, is_workday)


def latest_of_each(due: Sequence[Due]) -> list[Due]:
    """Return what is due without the rungs that a later one of the same thing says again."""
    latest = {(one.caregiver_id, one.kind, one.subject): one for one in due}
    return [one for one in due if latest[one.caregiver_id, one.kind, one.subject] is one]


def close_what_is_fixed(session: Session, day: date) -> int:
    """Close reminders whose cause was put right; return how many."""
    there = find_papers_there(session, day=day, since=day - A_MONTH)
    asked = {"day": day, "since": day - LOOKED_BACK, "papers_there": there}
    rows = session.connection().execute(OPEN, asked)
    fixed = [row.id for row in rows if row.is_fixed]
    closed = session.connection().execute(CLOSE, {"day": day, "ids": fixed}) if fixed else ()
    return len(list(closed))


def tell_sites_and_counties(session: Session, day: date) -> int:
    """Tell each site in one message whom it employs was reminded; counties by week."""
    offices = list_reachable(session, TOLD, day=day)
    told = [_site(group, offices, day) for group in _groups(session, OF_SITES, day)]
    if day in _plan(session, day).county_lists:
        told += [_county(group, offices, day) for group in _groups(session, OF_COUNTIES, day)]
    return tell_offices(session, day, told)


def figures_on(session: Session, day: date) -> Figures:
    """Return every figure that reminders rest on."""
    return {name: one.value for name, one in get_figures(session, PARAMETERS, on=day).items()}


def _plan(session: Session, day: date) -> Plan:
    return plan_of(figures_on(session, day), day, day, is_workday)


def _groups(session: Session, query: Any, day: date) -> list[Group]:
    rows = session.connection().execute(query, {"day": day, "since": day - A_WEEK}).all()
    return [
        Group(whose, {row.kind: row.many for row in members})
        for whose, members in groupby(rows, key=lambda row: row[0])
    ]


def _site(group: Group, offices: Sequence[Row[Any]], day: date) -> Told:
    return Told(
        ReminderKind.SITE_DIGEST,
        day.isoformat(),
        f"site:{group.whose}",
        _counts(group),
        [one for one in offices if one.site_id == group.whose],
        site_id=group.whose,
    )


def _county(group: Group, offices: Sequence[Row[Any]], day: date) -> Told:
    return Told(
        ReminderKind.COUNTY_LIST,
        day.isoformat(),
        f"county:{group.whose}",
        _counts(group),
        [one for one in offices if one.division_code == group.whose],
        county_code=group.whose,
    )


def _counts(group: Group) -> dict[str, int]:
    counts = {kind: group.counts.get(kind, 0) for kind in COUNTED}
    return {**counts, "count": sum(counts.values())}
