"""Who is sent where: visits are moved, exchanged, and taken over when somebody is ill.

Nobody is at two places at once, which the database holds; that the way between two homes takes
longer than the time between two visits is told and left to the provider.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.homecare.visits import rules
from server.homecare.visits.closing import GUARD
from server.homecare.visits.errors import (
    ElderHasAVisit,
    MonthIsClosed,
    NotAWorkerHere,
    OrderKeepsItsMonth,
    VisitNotSo,
    WorkerIsElsewhere,
)
from server.homecare.visits.models import CareVisit, VisitState
from server.homecare.visits.queries import hold_visit
from server.places import ways
from server.policies.queries import get_figures

SET_ASIDE = "换班中"
_WORKERS = text(
    """
    SELECT DISTINCT w.site_id, w.worker_id, w.name
      FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), '1 day') AS day,
           workers_of(:sites, day::date) AS w
     ORDER BY w.name, w.worker_id
    """
)
# What the workers of a provider have on some days, with where it is, and how often each was at
# each elder's before: the reason for whom to send instead.
_DAYS = text(
    """
    SELECT v.id, v.worker_id, v.resident_id, v.starts_at, v.minutes, v.state, b.x, b.y,
           v.service_on
      FROM care_visit v LEFT JOIN home_bed b ON b.id = v.home_bed_id
     WHERE v.site_id = :site AND v.service_on BETWEEN :first AND :last AND v.state <> 'cancelled'
     ORDER BY v.starts_at, v.id
    """
)
_KNOWN = text(
    """
    SELECT worker_id, resident_id, count(*) AS visits FROM care_visit
     WHERE site_id = :site AND state = 'done' GROUP BY worker_id, resident_id
     ORDER BY worker_id, resident_id
    """
)


@dataclass(frozen=True)
class Reassigned:
    """What became of the visits of somebody who is ill."""

    moved: Sequence[int]
    left: Sequence[int]


def list_workers(
    session: Session, site_ids: Sequence[int], *, on: date, until: date | None = None
) -> Sequence[Row[Any]]:
    """Return (site_id, worker_id, name) of whom these providers may send on the day.

    With `until`, of whom they may send on any day up to that one: whoever begins on a Tuesday
    stands on the roster of that week.
    """
    asked = {"sites": list(site_ids), "first": on, "last": until or on}
    return session.execute(_WORKERS, asked).all()


def move_visit(
    session: Session, visit_id: int, *, worker_id: int, starts_at: datetime
) -> CareVisit:
    """Send another worker, or at another time. Raises `NotFound`, `VisitNotSo`, `NotAWorkerHere`,
    `WorkerIsElsewhere`, `ElderHasAVisit`, `MonthIsClosed`.
    """
    visit = _planned(session, visit_id)
    day = clock.day_of(starts_at)
    _check_works_here(session, visit.site_id, worker_id, day)
    with refusing(session, refusals_on(day)):
        visit.worker_id, visit.starts_at, visit.service_on = worker_id, starts_at, day
    return visit


@all_or_nothing
def swap_visits(session: Session, one_id: int, other_id: int) -> None:
    """换班: the workers of two visits exchange them; raises as `move_visit`."""
    first, second = (_planned(session, visit_id) for visit_id in sorted((one_id, other_id)))
    one, other = first.worker_id, second.worker_id
    _check_works_here(session, first.site_id, other, first.service_on)
    _check_works_here(session, second.site_id, one, second.service_on)
    with refusing(session, refusals_on(first.service_on)):
        # For a moment one of the two is nobody's: constraints look at each row by itself.
        first.state, first.cancel_reason = VisitState.CANCELLED, SET_ASIDE
        session.flush()
        second.worker_id = one
        session.flush()
        first.worker_id, first.state, first.cancel_reason = other, VisitState.PLANNED, ""


def reassign(
    session: Session, site_id: int, worker_id: int, *, first: date, last: date
) -> Reassigned:
    """病假: give the planned visits of some days to colleagues who are free, and can be there.

    Whoever was most often at the elder's goes first, then whoever has least to do. What nobody can
    take is returned, and stays where it is. Raises `MonthIsClosed`.
    """
    board = _Board(session, site_id, first, last)
    moved: list[int] = []
    left: list[int] = []
    for visit in board.planned_of(worker_id):
        colleague = board.find_colleague(visit)
        (moved if colleague else left).append(visit.id)
        if colleague:
            board.give(visit, colleague)
    with refusing(session, refusals_on(first)):
        board.write(session)
    return Reassigned(moved, left)


def tight_ways(rows: Sequence[Row[Any]], *, metres_a_minute: int) -> set[int]:
    """Return the visits that their worker reaches late, coming from the one before."""
    late: set[int] = set()
    before: dict[int, Row[Any]] = {}
    for row in rows:
        if row.state == VisitState.CANCELLED:
            continue
        last = before.get(row.worker_id)
        if last is not None and _gap(last, row) < _way(last, row, metres_a_minute):
            late.add(row.id)
        before[row.worker_id] = row
    return late


class _Board:
    """Some days of a provider, as they are while visits are given away."""

    def __init__(self, session: Session, site_id: int, first: date, last: date) -> None:
        days = {"site": site_id, "first": first, "last": last}
        self.rows = session.execute(_DAYS, days).all()
        self.workers = [row.worker_id for row in list_workers(session, [site_id], on=first)]
        self.known: Mapping[tuple[int, int], int] = {
            (row.worker_id, row.resident_id): row.visits
            for row in session.execute(_KNOWN, {"site": site_id})
        }
        speed = get_figures(session, [rules.SPEED], on=first)[rules.SPEED]
        self.metres_a_minute = int(speed.value)
        self.given: dict[int, int] = {}
        self.of: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in self.rows:
            self.of[row.worker_id].append(row)

    def planned_of(self, worker_id: int) -> list[Row[Any]]:
        self.workers = [one for one in self.workers if one != worker_id]
        return [row for row in self.of[worker_id] if row.state == VisitState.PLANNED]

    def find_colleague(self, visit: Row[Any]) -> int | None:
        free = [one for one in self.workers if all(self._fits(visit, has) for has in self.of[one])]
        return min(free, key=lambda one: self._rank(one, visit), default=None)

    def give(self, visit: Row[Any], worker_id: int) -> None:
        self.given[visit.id] = worker_id
        self.of[worker_id].append(visit)

    def write(self, session: Session) -> None:
        """Move everything that was given away in one statement."""
        if not self.given:
            return
        session.execute(
            text(
                "UPDATE care_visit v SET worker_id = g.worker_id"
                " FROM unnest(CAST(:ids AS bigint[]), CAST(:workers AS bigint[]))"
                " AS g (id, worker_id) WHERE v.id = g.id AND v.state = 'planned'"
            ),
            {"ids": list(self.given), "workers": list(self.given.values())},
        )

    def _rank(self, worker_id: int, visit: Row[Any]) -> tuple[int, int, int]:
        known = self.known.get((worker_id, visit.resident_id), 0)
        return -known, len(self.of[worker_id]), worker_id

    def _fits(self, visit: Row[Any], has: Row[Any]) -> bool:
        earlier, later = sorted((visit, has), key=lambda row: row.starts_at)
        return _gap(earlier, later) >= _way(earlier, later, self.metres_a_minute)


def _gap(earlier: Row[Any], later: Row[Any]) -> float:
    ends_at = earlier.starts_at + timedelta(minutes=earlier.minutes)
    return (later.starts_at - ends_at).total_seconds() / 60  # type: ignore[no-any-return]


def _way(one: Row[Any], other: Row[Any], metres_a_minute: int) -> int:
    metres = ways.distance_m(_home(one), _home(other))
    return ways.minutes_on_the_way(metres, metres_a_minute=metres_a_minute)


def _home(row: Row[Any]) -> ways.Place | None:
    names = ("x", "y") if hasattr(row, "x") else ("home_x", "home_y")
    return ways.place_of(*(getattr(row, name) for name in names))


def _planned(session: Session, visit_id: int) -> CareVisit:
    visit = hold_visit(session, visit_id)
    if visit.state is not VisitState.PLANNED:
        raise VisitNotSo(state=visit.state.value)
    return visit


def _check_works_here(session: Session, site_id: int, worker_id: int, day: date) -> None:
    if worker_id not in {row.worker_id for row in list_workers(session, [site_id], on=day)}:
        raise NotAWorkerHere()


def refusals_on(day: date) -> dict[str, Exception]:
    """Return what is said where moving a visit to a day breaks one of the constraints."""
    return {
        "ex_care_visit_one_worker_at_once": WorkerIsElsewhere(),
        "ex_care_visit_one_visit_at_once": ElderHasAVisit(),
        GUARD: MonthIsClosed(month=f"{day:%Y-%m}"),
        "order_keeps_its_month": OrderKeepsItsMonth(),
    }
