"""A home tells how many caregivers are on duty in a week, or that it is as it was before."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.facilities.errors import NoWeekBefore
from server.facilities.staffing import rules
from server.facilities.staffing.checking import check_homes
from server.facilities.staffing.models import StaffingWeek

SHIFTS = ("morning", "afternoon", "night")


@dataclass(frozen=True)
class OnDuty:
    """Caregivers in each shift, every day of the week."""

    morning: int
    afternoon: int
    night: int


def file_week(session: Session, site_id: int, week: date, on_duty: OnDuty) -> None:
    """Tell who is on duty this week or the next, by its Monday; told again it is corrected.

    Raises `DayOutOfReach`. Whether the actor may file for the facility is the caller's to ask.
    """
    rules.check_week(week, today=clock.today())
    table = table_of(StaffingWeek)
    new = upsert(table).values(_values(session, site_id, week) | asdict(on_duty))
    told = tuple_(*(table.c[name] for name in SHIFTS))
    changed = (*SHIFTS, "is_unchanged", "filed_at", "filed_by")
    session.execute(
        new.on_conflict_do_update(
            index_elements=["site_id", "starts_on"],
            set_={name: new.excluded[name] for name in changed},
            where=told.is_distinct_from(tuple_(*(new.excluded[name] for name in SHIFTS))),
        )
    )
    check_homes(session, [site_id])


def file_as_before(session: Session, site_id: int, week: date) -> bool:
    """与上周一样: take over the newest week before; True where that told something new.

    Tapped twice, or after the week was told, it changes nothing. Raises `NoWeekBefore` where no
    earlier week was told, and `DayOutOfReach`.
    """
    rules.check_week(week, today=clock.today())
    before = session.execute(
        select(*(col(getattr(StaffingWeek, name)) for name in SHIFTS))
        .where(col(StaffingWeek.site_id) == site_id, col(StaffingWeek.starts_on) < week)
        .order_by(col(StaffingWeek.starts_on).desc())
        .limit(1)
    ).one_or_none()
    if before is None:
        raise NoWeekBefore()
    values = _values(session, site_id, week) | before._asdict() | {"is_unchanged": True}
    new = upsert(table_of(StaffingWeek)).values(values)
    once = new.on_conflict_do_nothing(index_elements=["site_id", "starts_on"])
    written = session.execute(once.returning(literal_column("id"))).first()
    check_homes(session, [site_id])
    return written is not None


def _values(session: Session, site_id: int, week: date) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "starts_on": week,
        "is_unchanged": False,
        "filed_at": clock.now(),
        "filed_by": actor_of(session).staff_id,
    }
