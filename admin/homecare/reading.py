"""Rosters as a table: a row for each worker, a column for each day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row
from sqlmodel import Session

from admin.homecare.forms import Span
from server import clock
from server.db.sessions import actor_of
from server.homecare.visits import queries, rules
from server.homecare.visits.models import VisitState
from server.homecare.visits.roster import list_workers, tight_ways
from server.identity import roles
from server.identity.roles import reach_of
from server.policies.queries import get_figures
from server.providers.queries import within

SEE, KEEP = "homecare.see-visits", "homecare.keep-visits"


@dataclass(frozen=True)
class Worker:
    """Somebody with her visits by day, the minutes of those that hold, and how many."""

    worker_id: int
    name: str
    days: Mapping[date, Sequence[Row[Any]]]
    minutes: int


@dataclass(frozen=True)
class Roster:
    """Some days of the providers in reach."""

    days: Sequence[date]
    workers: Sequence[Worker]
    tight: set[int]
    continuity: tuple[int, int]
    rows: Sequence[Row[Any]]


def scope(session: Session, permission: str = SEE) -> ColumnElement[bool]:
    """Return the condition on `Site` of what the actor keeps."""
    reach = reach_of(actor_of(session), permission)
    return within(reach.prefixes, reach.site_ids)


def own_sites(session: Session) -> Sequence[int]:
    """Return the provider's sites at which the actor sends people."""
    return list(reach_of(actor_of(session), KEEP).site_ids)


def may_keep(session: Session) -> bool:
    return roles.may(actor_of(session), KEEP)


def days_of(day: date | None, span: Span) -> list[date]:
    """Return the days of the week or the month around a day, today's by default."""
    about = day or clock.today()
    if span is Span.WEEK:
        first = about - timedelta(days=about.weekday())
        return [first + timedelta(days=number) for number in range(7)]
    first = about.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=number) for number in range((after - first).days)]


def read_roster(session: Session, days: Sequence[date]) -> Roster:
    """Return who is sent where on these days, by worker; whoever has nothing to do stands there."""
    asked = {"first": days[0], "last": days[-1]}
    rows = queries.list_of_sites(session, scope(session), **asked)
    figures = get_figures(session, [rules.SPEED], on=clock.today())
    known = {
        row.worker_id: row.name
        for row in list_workers(session, own_sites(session), on=days[0], until=days[-1])
    }
    names = known | {row.worker_id: row.worker_name for row in rows}
    return Roster(
        days=days,
        workers=[_worker(number, name, rows) for number, name in sorted(names.items())],
        tight=tight_ways(rows, metres_a_minute=int(figures[rules.SPEED].value)),
        continuity=queries.share_of_most_frequent(session, scope(session), **asked),
        rows=rows,
    )


def _worker(worker_id: int, name: str | None, rows: Sequence[Row[Any]]) -> Worker:
    days = defaultdict(list)
    hers = [row for row in rows if row.worker_id == worker_id]
    for row in hers:
        days[row.service_on].append(row)
    held = [row.minutes for row in hers if row.state != VisitState.CANCELLED]
    return Worker(worker_id, name or "", days, sum(held))
