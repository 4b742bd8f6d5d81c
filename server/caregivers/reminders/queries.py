"""Who was reminded of what, and whether it is put right; what comes, by the same rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.caregivers.reminders.models import ReminderKind
from server.caregivers.reminders.papers import FIXED, find_papers_there
from server.caregivers.reminders.rules import Due
from server.caregivers.reminders.service import find_due

AHEAD = timedelta(days=30)
A_DAY = timedelta(days=1)
SHOWN_TO_ONE = 100


class ReminderState(StrEnum):
    """How a reminder stands: open, put right, or its day is over and nothing was done."""

    OPEN = "open"
    DONE = "done"
    OVER = "over"


# What was put right since the last look shows as done at once.
REMINDERS = f"""
    SELECT * FROM (
        SELECT r.*, c.name AS caregiver_name, s.name AS site_name, s.phone AS site_phone,
               d.name AS county_name,
               CASE WHEN r.done_on IS NOT NULL OR {FIXED} THEN 'done'
                    WHEN r.about_on < :day AND r.kind NOT IN ('certificate', 'papers') THEN 'over'
                    ELSE 'open' END AS state
          FROM reminder r
          LEFT JOIN caregiver c ON c.id = r.caregiver_id
          LEFT JOIN site s ON s.id = r.site_id
          LEFT JOIN division d ON d.code = coalesce(r.county_code, left(s.division_code, 6))
         WHERE (CAST(:kind AS text) IS NULL OR r.kind = :kind)
           AND (CAST(:site_id AS bigint) IS NULL OR r.site_id = :site_id)
           AND (CAST(:county AS text) IS NULL
                OR coalesce(r.county_code, left(s.division_code, 6)) = :county)
           AND (CAST(:caregiver_id AS bigint) IS NULL OR r.caregiver_id = :caregiver_id)
           AND (CAST(:after_day AS date) IS NULL OR (r.due_on, r.id) < (:after_day, :after_id))
    ) x
     WHERE CAST(:state AS text) IS NULL OR x.state = :state
     ORDER BY x.due_on DESC, x.id DESC LIMIT :limit
"""
NAMES = text(
    """
    SELECT c.id, c.name AS caregiver_name FROM caregiver c WHERE c.id = ANY (:ids) ORDER BY c.id
    """
)
SITES = text(
    """
    SELECT DISTINCT s.id, s.name, left(s.division_code, 6) AS county FROM site s
      JOIN employment e ON e.site_id = s.id ORDER BY s.name, s.id
    """
)


@dataclass(frozen=True)
class ReminderFilter:
    """What of the reminders is wanted; None is all of them."""

    kind: ReminderKind | None = None
    state: ReminderState | None = None
    site_id: int | None = None
    county: str | None = None
    caregiver_id: int | None = None


@dataclass(frozen=True)
class Coming:
    """A reminder that comes if nothing changes, with the names beside it."""

    due: Due
    caregiver_name: str
    site_name: str


def list_reminders(
    session: Session,
    wanted: ReminderFilter,
    *,
    day: date,
    after: tuple[date, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return what this actor may see of the reminders, the latest first."""
    asked = {
        "day": day,
        "papers_there": find_papers_there(session, day=day, caregiver_id=wanted.caregiver_id),
        "kind": wanted.kind,
        "state": wanted.state,
        "site_id": wanted.site_id,
        "county": wanted.county,
        "caregiver_id": wanted.caregiver_id,
        "after_day": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit,
    }
    return session.connection().execute(text(REMINDERS), asked).all()


def list_of_caregiver(session: Session, caregiver_id: int, *, day: date) -> Sequence[Row[Any]]:
    """Return what a caregiver was reminded of, the latest first."""
    wanted = ReminderFilter(caregiver_id=caregiver_id)
    return list_reminders(session, wanted, day=day, limit=SHOWN_TO_ONE)


def list_coming(session: Session, wanted: ReminderFilter, *, day: date) -> list[Coming]:
    """Return what the next 30 days bring as things stand, to whom this actor may see."""
    due = find_due(session, day + A_DAY, day + AHEAD, day=day)
    ids = sorted({one.caregiver_id for one in due})
    names = {
        row.id: row.caregiver_name for row in session.connection().execute(NAMES, {"ids": ids})
    }
    sites = {row.id: row for row in list_sites(session)}
    return [
        Coming(one, names[one.caregiver_id], sites[one.site_id].name)
        for one in due
        if one.caregiver_id in names and one.site_id in sites and _fits(one, wanted, sites)
    ]


def list_sites(session: Session) -> Sequence[Row[Any]]:
    """Return (id, name, county) of the sites where this actor sees somebody employed."""
    return session.connection().execute(SITES).all()


def _fits(one: Due, wanted: ReminderFilter, sites: Mapping[int, Row[Any]]) -> bool:
    return (
        wanted.kind in (None, one.kind)
        and wanted.site_id in (None, one.site_id)
        and wanted.county in (None, sites[one.site_id].county)
    )
