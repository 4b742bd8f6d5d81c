"""Days at work: punched by the caregiver's own phone, or told by the site; corrections leave trail.

A month that was told stays as told; a month of punches counts itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.caregivers import rules
from server.caregivers.errors import (
    DaysImpossible,
    MonthIsClosed,
    MonthNotBegun,
    NotArrived,
    NotAtWorkHere,
)
from server.caregivers.models import (
    AttendanceDay,
    AttendanceMonth,
    AttendanceSource,
    Caregiver,
    Employment,
)
from server.caregivers.queries import employed_on
from server.caregivers.register import get_own_site
from server.db.sessions import actor_of, reaching_everywhere
from server.policies.queries import get_figures

CLOSES_DAY = "caregivers.attendance_closes_day"
# Whoever leaves in the morning ends the shift that began the evening before.
LONGEST_SHIFT = timedelta(hours=16)


@dataclass(frozen=True)
class Sheet:
    """A month of a site: until when it is told without a reason, and everybody employed in it."""

    month: date
    closes_on: date
    rows: Sequence[Row[Any]]

    @property
    def is_closed(self) -> bool:
        return clock.today() > self.closes_on

    @property
    def told(self) -> int:
        return sum(row.days is not None for row in self.rows)


def read_sheet(session: Session, site_id: int, month: date) -> Sheet:
    """Return everybody who was employed at the site in the month, with the days known of them."""
    return Sheet(month, closes_on(session, month), _staff_of(session, site_id, month))


def closes_on(session: Session, month: date) -> date:
    """Return the last day on which the month is told without a reason."""
    after = rules.month_after(month)
    figure = get_figures(session, [CLOSES_DAY], on=after)[CLOSES_DAY]
    return rules.closes_on(month, int(figure.value))


def file_month(
    session: Session,
    site_id: int,
    month: date,
    days: Mapping[int, int],
    *,
    source: AttendanceSource = AttendanceSource.FILED,
    reason: str | None = None,
) -> int:
    """Write down the days of a month by caregiver, and return how many differ from before.

    Raises `MonthIsClosed` after its day without a reason, `MonthNotBegun`, `DaysImpossible`.
    """
    get_own_site(session, site_id)
    _check_month(session, month, reason)
    known = {row.caregiver_id: row for row in _staff_of(session, site_id, month)}
    if not set(days) <= set(known) or any(_is_impossible(one, month) for one in days.values()):
        raise DaysImpossible()
    changed = {who: many for who, many in days.items() if known[who].days != many}
    _write(session, site_id, month, changed, source)
    return len(changed)


def punch_in(session: Session, caregiver: Caregiver) -> AttendanceDay:
    """Say that one has arrived; the day counts once, however often it is said.

    Raises `NotAtWorkHere` for whoever is not employed today.
    """
    now = clock.now()
    day = clock.day_of(now)
    site_id = _site_of(session, caregiver, day)
    row = {"caregiver_id": caregiver.id, "site_id": site_id, "day": day, "arrived_at": now}
    session.execute(upsert(AttendanceDay).values(row).on_conflict_do_nothing())
    _count_punches(session, caregiver, site_id, rules.month_of(day))
    kept: AttendanceDay = session.get_one(AttendanceDay, (caregiver.id, site_id, day))
    return kept


def punch_out(session: Session, caregiver: Caregiver) -> AttendanceDay:
    """Say that one leaves: today, or from the shift of the night; said again, the last one holds.

    Raises `NotArrived`.
    """
    now = clock.now()
    query = (
        select(AttendanceDay)
        .where(
            col(AttendanceDay.caregiver_id) == caregiver.id,
            col(AttendanceDay.arrived_at) >= now - LONGEST_SHIFT,
        )
        .order_by(col(AttendanceDay.arrived_at).desc(), col(AttendanceDay.site_id))
        .limit(1)
        .with_for_update()
    )
    day: AttendanceDay | None = session.execute(query).scalar_one_or_none()
    if day is None:
        raise NotArrived()
    day.left_at = max(now, day.arrived_at)
    session.flush()
    return day


def find_today(session: Session, caregiver: Caregiver) -> AttendanceDay | None:
    """Return today's punch of a caregiver, if they have arrived."""
    query = (
        select(AttendanceDay)
        .where(
            col(AttendanceDay.caregiver_id) == caregiver.id,
            col(AttendanceDay.day) == clock.today(),
        )
        .order_by(col(AttendanceDay.arrived_at))
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def list_months(session: Session, caregiver_id: int, *, since: date) -> Sequence[AttendanceMonth]:
    """Return a caregiver's months, the latest first."""
    query = (
        select(AttendanceMonth)
        .where(
            col(AttendanceMonth.caregiver_id) == caregiver_id, col(AttendanceMonth.month) >= since
        )
        .order_by(col(AttendanceMonth.month).desc(), col(AttendanceMonth.site_id))
    )
    return session.execute(query).scalars().all()


def _staff_of(session: Session, site_id: int, month: date) -> Sequence[Row[Any]]:
    after = rules.month_after(month)
    employed = (
        select(col(Employment.caregiver_id), func.max(col(Employment.post)).label("post"))
        .where(
            col(Employment.site_id) == site_id,
            col(Employment.starts_on) < after,
            or_(col(Employment.ends_on).is_(None), col(Employment.ends_on) > month),
        )
        .group_by(col(Employment.caregiver_id))
        .subquery()
    )
    query = (
        select(
            employed.c.caregiver_id,
            employed.c.post,
            col(Caregiver.name),
            col(Caregiver.born_on),
            col(Caregiver.id_number_digest),
            col(AttendanceMonth.days),
            col(AttendanceMonth.source),
            col(AttendanceMonth.filed_at),
        )
        .join(Caregiver, col(Caregiver.id) == employed.c.caregiver_id)
        .outerjoin(
            AttendanceMonth,
            (col(AttendanceMonth.caregiver_id) == employed.c.caregiver_id)
            & (col(AttendanceMonth.site_id) == site_id)
            & (col(AttendanceMonth.month) == month),
        )
        .order_by(col(Caregiver.pinyin), col(Caregiver.name), col(Caregiver.id))
    )
    return session.execute(query).all()


def _check_month(session: Session, month: date, reason: str | None) -> None:
    today = clock.today()
    if month > today:
        raise MonthNotBegun()
    closed_on = closes_on(session, month)
    if today > closed_on and not (reason or "").strip():
        raise MonthIsClosed(month=f"{month:%Y-%m}", closed_on=closed_on.isoformat())


def _is_impossible(days: int, month: date) -> bool:
    """Not less than none, not more than the month has had by today."""
    today = clock.today()
    had = today.day if month == rules.month_of(today) else rules.days_in(month)
    return not 0 <= days <= had


def _write(
    session: Session,
    site_id: int,
    month: date,
    days: Mapping[int, int],
    source: AttendanceSource,
) -> None:
    if not days:
        return
    told = {"filed_at": clock.now(), "filed_by": actor_of(session).staff_id, "source": source}
    rows = [
        {"caregiver_id": who, "site_id": site_id, "month": month, "days": many} | told
        for who, many in sorted(days.items())
    ]
    statement = upsert(AttendanceMonth).values(rows)
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["caregiver_id", "site_id", "month"],
            set_={name: new[name] for name in ("days", *told)},
        )
    )


def _count_punches(session: Session, caregiver: Caregiver, site_id: int, month: date) -> None:
    """What the site told of the month stays; whoever punched is not asked what was told."""
    punched = (
        select(func.count())
        .where(
            col(AttendanceDay.caregiver_id) == caregiver.id,
            col(AttendanceDay.site_id) == site_id,
            col(AttendanceDay.day) >= month,
            col(AttendanceDay.day) < rules.month_after(month),
        )
        .scalar_subquery()
    )
    row = {"caregiver_id": caregiver.id, "site_id": site_id, "month": month, "days": punched,
           "source": AttendanceSource.PUNCHED, "filed_at": clock.now()}  # fmt: skip
    statement = upsert(AttendanceMonth).values(row)
    counted = statement.on_conflict_do_update(
        index_elements=["caregiver_id", "site_id", "month"],
        set_={"days": statement.excluded["days"], "filed_at": statement.excluded["filed_at"]},
        where=(col(AttendanceMonth.source) == AttendanceSource.PUNCHED)
        & (col(AttendanceMonth.days) != statement.excluded["days"]),
    )
    with reaching_everywhere(session):
        session.execute(counted)


def _site_of(session: Session, caregiver: Caregiver, day: date) -> int:
    """Where they work on the day; of two employers, the full-time one."""
    query = (
        select(col(Employment.site_id))
        .where(col(Employment.caregiver_id) == caregiver.id, employed_on(day))
        .order_by(col(Employment.is_full_time).desc(), col(Employment.starts_on))
        .limit(1)
    )
    site_id: int | None = session.execute(query).scalar_one_or_none()
    if site_id is None:
        raise NotAtWorkHere()
    return site_id
