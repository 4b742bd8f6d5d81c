"""In which order a worker goes through a day: proposed first, done once the provider agrees."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.homecare.visits import routing, rules
from server.homecare.visits.errors import OrderChanged
from server.homecare.visits.models import VisitState
from server.homecare.visits.roster import SET_ASIDE, refusals_on
from server.homecare.visits.routing import Stop
from server.places import ways
from server.places.routing import Window
from server.policies.queries import get_figures

# Later than this nobody's visit is put off to, unless it is there already.
DAY_ENDS = time(18)
LAST_MINUTE = 24 * 60 - 1
_OF_DAY = text(
    """
    SELECT v.id, v.resident_id, v.service_on, v.starts_at, v.minutes, v.state, b.x, b.y,
           r.name AS resident_name
      FROM care_visit v LEFT JOIN home_bed b ON b.id = v.home_bed_id
      LEFT JOIN resident r ON r.id = v.resident_id
     WHERE v.worker_id = :worker AND v.service_on = :day AND v.state IN ('planned', 'under_way')
     ORDER BY v.starts_at, v.id
    """
)
# What else these elders have that day, so that nobody is sent while a colleague is there.
_OF_ELDERS = text(
    """
    SELECT resident_id, starts_at, minutes FROM care_visit
     WHERE resident_id = ANY (:residents) AND service_on = :day AND worker_id <> :worker
       AND state <> 'cancelled'
     ORDER BY starts_at, id
    """
)
_HOLD = text("SELECT id FROM care_visit WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
_SET_ASIDE = text(
    "UPDATE care_visit SET state = 'cancelled', cancel_reason = :why"
    " WHERE id = ANY (:ids) AND state = 'planned'"
)
_MOVE = text(
    """
    UPDATE care_visit v SET state = 'planned', cancel_reason = '', starts_at = m.starts_at
      FROM unnest(CAST(:ids AS bigint[]), CAST(:ats AS timestamptz[])) AS m (id, starts_at)
     WHERE v.id = m.id
    """
)


@dataclass(frozen=True)
class Proposal:
    """A day as it is and as it could be; `order` is None where no order keeps every hour."""

    rows: Sequence[Row[Any]]
    order: Sequence[tuple[Row[Any], datetime]] | None
    minutes_before: int
    minutes_after: int
    without_place: int

    @property
    def saved(self) -> int:
        return self.minutes_before - self.minutes_after

    @property
    def lines(self) -> Sequence[tuple[Row[Any], datetime | None]]:
        """Every visit with its proposed hour, in that order; as they stand if that is best."""
        if self.order is None:
            return [(row, None) for row in self.rows]
        return self.order if self.saved > 0 else [(row, row.starts_at) for row in self.rows]

    @property
    def mark(self) -> str:
        """What is proposed, in a line, so that nothing else is done than what was read."""
        return " ".join(
            f"{row.id}@{at.astimezone(clock.CITY):%H:%M}" for row, at in self.order or ()
        )


def propose_order(
    session: Session, worker_id: int, day: date, *, kept: Collection[int] = ()
) -> Proposal:
    """Return the shortest way through a worker's day; visits in `kept` keep their hour.

    What is under way, or begins within the hour that is running, keeps it as well.
    """
    rows = session.execute(_OF_DAY, {"worker": worker_id, "day": day}).all()
    speed = int(get_figures(session, [rules.SPEED], on=day)[rules.SPEED].value)
    stops = _stops(session, rows, worker_id, day, kept)
    steps = routing.find_order(stops, metres_a_minute=speed) if stops else ()
    by_id = {stop.id: stop for stop in stops}
    after = [by_id[step.id] for step in steps or ()]
    row_of = {row.id: row for row in rows}
    return Proposal(
        rows=rows,
        order=None if steps is None else [_line(row_of[one.id], one.starts) for one in steps],
        minutes_before=routing.way_of(stops, metres_a_minute=speed),
        minutes_after=routing.way_of(after, metres_a_minute=speed),
        without_place=sum(stop.home is None for stop in stops),
    )


@all_or_nothing
def accept_order(
    session: Session, worker_id: int, day: date, *, kept: Collection[int], mark: str
) -> Proposal:
    """Move the visits as it was proposed. Raises `OrderChanged` where the day is another by now,
    `ElderHasAVisit`, `WorkerIsElsewhere` and `MonthIsClosed`.
    """
    ids = [row.id for row in session.execute(_OF_DAY, {"worker": worker_id, "day": day})]
    session.execute(_HOLD, {"ids": ids})
    proposal = propose_order(session, worker_id, day, kept=kept)
    if not proposal.order or proposal.mark != mark:
        raise OrderChanged()
    moved = {row.id: at for row, at in proposal.order if row.starts_at != at}
    _move(session, moved, day)
    return proposal


def _move(session: Session, moved: Mapping[int, datetime], day: date) -> None:
    """For a moment none of them is anywhere: constraints look at each row by itself."""
    if not moved:
        return
    ids = list(moved)
    with refusing(session, refusals_on(day)):
        session.execute(_SET_ASIDE, {"ids": ids, "why": SET_ASIDE})
        session.execute(_MOVE, {"ids": ids, "ats": list(moved.values())})


def _stops(
    session: Session, rows: Sequence[Row[Any]], worker_id: int, day: date, kept: Collection[int]
) -> list[Stop]:
    values = {"residents": [row.resident_id for row in rows], "day": day, "worker": worker_id}
    others = session.execute(_OF_ELDERS, values).all()
    first = min((_minute(row.starts_at) for row in rows), default=0)
    last = min(max([_end(row) for row in rows] + [DAY_ENDS.hour * 60]), LAST_MINUTE)
    soon = clock.now() + timedelta(hours=1)

    def windows(row: Row[Any]) -> Sequence[Window]:
        at = _minute(row.starts_at)
        if row.id in kept or row.state != VisitState.PLANNED or row.starts_at < soon:
            return [(at, at)]
        taken = [
            (_minute(o.starts_at), _end(o)) for o in others if o.resident_id == row.resident_id
        ]
        since = max(first, _minute(soon)) if clock.day_of(soon) == day else first
        return routing.windows_between(since, last, row.minutes, taken)

    return [Stop(row.id, ways.place_of(row.x, row.y), row.minutes, windows(row)) for row in rows]


def _minute(at: datetime) -> int:
    local = at.astimezone(clock.CITY)
    return local.hour * 60 + local.minute


def _end(row: Row[Any]) -> int:
    return _minute(row.starts_at) + int(row.minutes)


def _line(row: Row[Any], minute: int) -> tuple[Row[Any], datetime]:
    """Whoever stays in the same minute stays where they are."""
    if minute == _minute(row.starts_at):
        return row, row.starts_at
    at = time(minute // 60, minute % 60)
    return row, datetime.combine(row.service_on, at, clock.CITY)
