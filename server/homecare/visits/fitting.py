"""What would stand in the way of moving a visit, said before it is moved; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.homecare.visits import rules
from server.homecare.visits.closing import check_month_open
from server.homecare.visits.errors import MonthIsClosed, VisitNotSo
from server.homecare.visits.models import CareVisit, VisitState
from server.homecare.visits.queries import get_visit
from server.homecare.visits.roster import list_workers
from server.places import ways
from server.policies.queries import get_figures

# What the worker and the elder have about that day, and where the visit itself would be.
_BESIDE = text(
    """
    SELECT v.worker_id, v.resident_id, v.starts_at, v.minutes, b.x, b.y
      FROM care_visit v LEFT JOIN home_bed b ON b.id = v.home_bed_id
     WHERE (v.worker_id = :worker OR v.resident_id = :resident) AND v.id <> :visit
       AND v.service_on BETWEEN CAST(:day AS date) - 1 AND CAST(:day AS date) + 1
       AND v.state <> 'cancelled'
     ORDER BY v.starts_at, v.id
    """
)
_HOME = text("SELECT x, y FROM home_bed WHERE id = :bed")


class Hitch(StrEnum):
    """Why a visit cannot be at that time, or should be thought over."""

    WORKER_ELSEWHERE = "worker_elsewhere"
    ELDER_HAS_A_VISIT = "elder_has_a_visit"
    NOT_A_WORKER_HERE = "not_a_worker_here"
    MONTH_CLOSED = "month_closed"
    LITTLE_TIME = "little_time"  # told, and left to the provider
    GONE_BY = "gone_by"  # the time is past; told, and left to the provider


ONLY_TOLD = frozenset({Hitch.LITTLE_TIME, Hitch.GONE_BY})


@dataclass(frozen=True)
class _Span:
    """Something that takes time somewhere."""

    starts_at: datetime
    minutes: int
    home: ways.Place | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def meets(self, other: "_Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def is_reached_late(self, other: "_Span", metres_a_minute: int) -> bool:
        first, then = sorted((self, other), key=lambda one: one.starts_at)
        way = ways.distance_m(first.home, then.home)
        needed = ways.minutes_on_the_way(way, metres_a_minute=metres_a_minute)
        return then.starts_at - first.ends_at < timedelta(minutes=needed)


def weigh_move(
    session: Session, visit_id: int, *, worker_id: int, starts_at: datetime
) -> list[Hitch]:
    """Return what stands in the way, in the order of weight; nothing where it simply fits.

    Raises `NotFound`, and `VisitNotSo` for a visit that is not planned any more.
    """
    visit = get_visit(session, visit_id)
    if visit.state is not VisitState.PLANNED:
        raise VisitNotSo(state=visit.state.value)
    day = clock.day_of(starts_at)
    values = {"worker": worker_id, "resident": visit.resident_id, "visit": visit_id, "day": day}
    beside = session.execute(_BESIDE, values).all()
    place = session.execute(_HOME, {"bed": visit.home_bed_id}).one_or_none()
    home = ways.place_of(place.x, place.y) if place else None
    moved = _Span(starts_at, visit.minutes, home)
    found = _clashes(moved, beside, worker_id)
    found |= _refusals(session, visit, worker_id, starts_at)
    if Hitch.WORKER_ELSEWHERE not in found and _is_tight(session, moved, beside, worker_id):
        found.add(Hitch.LITTLE_TIME)
    return [hitch for hitch in Hitch if hitch in found]


def _clashes(moved: _Span, beside: Sequence[Row[Any]], worker_id: int) -> set[Hitch]:
    met = [row for row in beside if moved.meets(_span(row))]
    found = {Hitch.WORKER_ELSEWHERE for row in met if row.worker_id == worker_id}
    return found | {Hitch.ELDER_HAS_A_VISIT for row in met if row.worker_id != worker_id}


def _refusals(
    session: Session, visit: CareVisit, worker_id: int, starts_at: datetime
) -> set[Hitch]:
    day = clock.day_of(starts_at)
    workers = {row.worker_id for row in list_workers(session, [visit.site_id], on=day)}
    found = set() if worker_id in workers else {Hitch.NOT_A_WORKER_HERE}
    if starts_at < clock.now():
        found.add(Hitch.GONE_BY)
    try:
        check_month_open(session, visit.site_id, day)
    except MonthIsClosed:
        found.add(Hitch.MONTH_CLOSED)
    return found


def _is_tight(session: Session, moved: _Span, beside: Sequence[Row[Any]], worker_id: int) -> bool:
    speed = int(get_figures(session, [rules.SPEED], on=clock.today())[rules.SPEED].value)
    hers = [_span(row) for row in beside if row.worker_id == worker_id]
    return any(moved.is_reached_late(one, speed) for one in hers)


def _span(row: Row[Any]) -> _Span:
    return _Span(row.starts_at, row.minutes, ways.place_of(row.x, row.y))
