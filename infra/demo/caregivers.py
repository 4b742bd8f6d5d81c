"""Who is on duty in the demo's homes, week by week: enough, but in one home this week.

Another has told nothing of this week yet. A later load goes on from the last week.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from random import Random
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session

from infra.demo.beginning import Beginning
from server import clock
from server.db.sessions import reaching_everywhere
from server.db.tables import table_of
from server.facilities.returns.queries import Scope
from server.facilities.staffing.checking import check_scope
from server.facilities.staffing.models import StaffingWeek
from server.facilities.staffing.queries import list_homes
from server.facilities.staffing.rules import A_WEEK, Shift, monday_of

WEEKS = 8
# In a small demo nobody lives in these; then the first home that has people is short of caregivers.
SHORT, NOT_TOLD_YET = "demo:facility:02", "demo:facility:04"
# Of those needed, as many are missing in the home that is short of them; one at least.
MISSING_OF_100 = 20
MOST_TO_SPARE = 2

LAST_WEEK = text(
    "SELECT max(w.starts_on) FROM staffing_week w JOIN site s ON s.id = w.site_id"
    " WHERE s.source_name = 'demo'"
)
HOMES = text(
    "SELECT id, source_key FROM site WHERE source_name = 'demo'"
    "   AND EXISTS (SELECT 1 FROM bed WHERE bed.site_id = site.id AND bed.room_id IS NOT NULL)"
    " ORDER BY source_key"
)

Line = dict[str, Any]
Needed = Mapping[Shift, int]


def find_weeks_without(session: Session) -> Sequence[date]:
    """Return the Mondays up to this week's after the last one that the demo's homes told of."""
    this = monday_of(clock.today())
    last = session.connection().execute(LAST_WEEK).scalar_one() or this - WEEKS * A_WEEK
    return [last + ahead * A_WEEK for ahead in range(1, (this - last).days // 7 + 1)]


def put_weeks(session: Session, beginning: Beginning, weeks: Sequence[date]) -> None:
    """Tell of these weeks, and put down as a finding who lacks caregivers this week."""
    ids = {row.source_key: row.id for row in session.connection().execute(HOMES)}
    scope = Scope(site_ids=list(ids.values()))
    with reaching_everywhere(session):
        needed = _needed(session, scope, ids)
        rows = [
            {"site_id": ids[key], **_week(beginning, key, needed[key], week)}
            for key in ids
            for week in weeks
            if key != NOT_TOLD_YET or not _is_now(week)
        ]
        if rows:
            session.execute(insert(table_of(StaffingWeek)), rows)
            _be_short(session, ids, needed)
            check_scope(session, scope)


def _needed(session: Session, scope: Scope, ids: Mapping[str, int]) -> dict[str, Needed]:
    homes = list_homes(session, scope, week=monday_of(clock.today()))
    needed = {home.row.id: home.needed for home in homes}
    return {key: needed[site_id] for key, site_id in ids.items()}


def _week(beginning: Beginning, key: str, needed: Needed, week: date) -> Line:
    there = _there(beginning, key, needed, week)
    return {
        "starts_on": week,
        **{shift.value: count for shift, count in there.items()},
        "is_unchanged": there == _there(beginning, key, needed, week - A_WEEK),
        "filed_at": _filed_at(week),
        "filed_by": None,
    }


def _be_short(session: Session, ids: Mapping[str, int], needed: Mapping[str, Needed]) -> None:
    """Of this week one home tells of fewer caregivers than its people need."""
    inhabited = (key for key in (SHORT, *ids) if any(needed[key].values()))
    key = next(inhabited, None)
    if key is None:
        return
    fewer = {shift.value: _too_few(count) for shift, count in needed[key].items()}
    table = table_of(StaffingWeek)
    of_this_week = update(table).where(
        table.c.site_id == ids[key], table.c.starts_on == monday_of(clock.today())
    )
    session.execute(of_this_week.values(fewer | {"is_unchanged": False}))


def _is_now(week: date) -> bool:
    return week == monday_of(clock.today())


def _there(beginning: Beginning, key: str, needed: Needed, week: date) -> dict[Shift, int]:
    """A few more than are needed, and the same for weeks on end."""
    chance = Random(f"{beginning.seed}/{key}/{week.toordinal() // 21}/caregivers")
    return {shift: count + chance.randint(0, MOST_TO_SPARE) for shift, count in needed.items()}


def _too_few(needed: int) -> int:
    return max(0, needed - max(1, needed * MISSING_OF_100 // 100))


def _filed_at(week: date) -> datetime:
    """On the morning of its Monday; never in the time to come."""
    return min(datetime.combine(week, time(8, 40), clock.CITY), clock.now())
