"""Close a provider's month: freeze what was served, and prove later that it stayed so."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.homecare.months import queries, rules
from server.homecare.months.errors import CorrectionsWait, MonthStillOpen
from server.homecare.months.models import HomeMonth, HomeMonthBed, HomeMonthWorker
from server.homecare.months.rules import Owed
from server.homecare.visits.errors import MonthIsClosed
from server.homecare.visits.models import HomeMonthClose
from server.policies.queries import get_figures

SEND_HOURS = "home_checks.send_hours"
OWED = (
    "plans.minutes_a_month",
    "plans.minutes_a_visit",
    "plans.life_care_share",
    "plans.nursing_visits_a_month",
    "home_checks.least_share_percent",
)
SUMMED = ("visits", "minutes", "confirmed", "doubted", "rated", "satisfied")
Facts = Sequence[Mapping[str, Any]]


def close_month(session: Session, site_id: int, month: date) -> HomeMonth:
    """Close the month; whatever was served of it counts from here on as it was frozen.

    Raises `MonthStillOpen`, `CorrectionsWait` and `MonthIsClosed`. Nothing of the month is noted
    beside it: who is noting something waits, and is refused then.
    """
    session.execute(select(func.hold_visits_still()))
    _check(session, site_id, month)
    _put_close(session, site_id, month)
    beds, workers = _reckoned(session, site_id, month)
    closed = _sum(session, site_id, month, beds, workers)
    for table, facts in ((HomeMonthBed, beds), (HomeMonthWorker, workers)):
        if facts:
            session.execute(insert(table), facts)
    return closed


def closes_from(session: Session, month: date) -> date:
    """Return the first day on which the month may be closed: offline visits have arrived."""
    figure = get_figures(session, [SEND_HOURS], on=clock.today())[SEND_HOURS]
    return queries.next_month(month) + timedelta(hours=int(figure.value))


def is_as_frozen(session: Session, site_id: int, month: date) -> bool:
    """True where the facts of a closed month still have the digest of its closing."""
    closed = queries.find_month(session, site_id, month)
    facts = [
        *(dict(row._mapping) for row in queries.list_beds(session, site_id, month)),
        *(dict(row._mapping) for row in queries.list_workers(session, site_id, month)),
    ]
    return closed is not None and rules.digest_of(facts) == bytes(closed.digest)


def preview(session: Session, site_id: int, month: date) -> Facts:
    """Return what each bed would be frozen with today, those with something unproved first."""
    beds, _ = _reckoned(session, site_id, month)
    return sorted(beds, key=lambda one: (-one["unproved"], -one["doubted"], one["home_bed_id"]))


def _check(session: Session, site_id: int, month: date) -> None:
    if queries.find_close(session, site_id, month) is not None:
        raise MonthIsClosed(month=f"{month:%Y-%m}")
    opens_on = closes_from(session, month)
    if clock.today() < opens_on:
        raise MonthStillOpen(opens_on=opens_on.isoformat())
    number = queries.count_corrections_waiting(session, site_id, month)
    if number:
        raise CorrectionsWait(number=number)


def _put_close(session: Session, site_id: int, month: date) -> None:
    closing = HomeMonthClose(
        site_id=site_id, month=month, closed_at=clock.now(), closed_by=actor_of(session).staff_id
    )
    closed = MonthIsClosed(month=f"{month:%Y-%m}")
    with refusing(session, {"uq_home_month_close_site_id_month": closed}):
        session.add(closing)


def _reckoned(session: Session, site_id: int, month: date) -> tuple[Facts, Facts]:
    of_month = {"site_id": site_id, "month": month}
    figures = get_figures(session, OWED, on=month)
    owed = Owed(**{key.partition(".")[2]: int(one.value) for key, one in figures.items()})
    beds = [
        {**of_month, **row._mapping, "reasons": rules.missing(row._asdict(), owed)}
        for row in queries.reckon_beds(session, site_id, month)
    ]
    workers = [
        {**of_month, **row._mapping} for row in queries.reckon_workers(session, site_id, month)
    ]
    return beds, workers


def _sum(session: Session, site_id: int, month: date, beds: Facts, workers: Facts) -> HomeMonth:
    summed = {name: sum(one[name] for one in beds) for name in SUMMED}
    closed = HomeMonth(
        site_id=site_id,
        month=month,
        beds=len(beds),
        met=sum(not one["reasons"] for one in beds),
        digest=rules.digest_of([*beds, *workers]),
        **summed,
    )
    session.add(closed)
    session.flush()
    return closed
