"""Licences, permits and policies that end are told to the site and to its county, rung by rung."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.identity.models import Role
from server.identity.telling import list_reachable, tell_once
from server.notifications.models import Channel
from server.notifications.service import Asked
from server.places.ladders import Times, moment_to_send, rungs_of, targets
from server.places.workdays import is_workday
from server.policies.queries import get_figures
from server.providers.details import Expiring, list_expiring

LADDER, TIMES = "reminders.site_paper", "reminders.times"
KEPT_FOR = timedelta(days=7)
TOLD = (
    Role.FACILITY_OPERATOR,
    Role.HOME_CARE_PROVIDER,
    Role.CANTEEN_STAFF,
    Role.COUNTY_OFFICER,
)


def tell_of_ending_papers(session: Session, day: date) -> int:
    """Tell sites whose papers end, and their counties, on the days of the ladder; each once.

    A paper that a later one follows is past caring for. Returns how many messages were new.
    """
    figures = {key: one.value for key, one in get_figures(session, [LADDER, TIMES], on=day).items()}
    ends = {one.about_on for one in targets(rungs_of(figures[LADDER]), day, day, is_workday)}
    if not ends:
        return 0
    ending = list_expiring(session, Expiring([""], [], max(ends)))
    papers = [row for row in ending if row.ends_on in ends]
    offices = list_reachable(session, TOLD, day=day)
    at = moment_to_send(day, clock.now().astimezone(clock.CITY), Times.of(figures[TIMES]))
    asked = [*_to_sites(papers, offices, day, at), *_to_counties(papers, offices, day, at)]
    return tell_once(session, asked)


def _to_sites(
    papers: Sequence[Row[Any]], offices: Sequence[Row[Any]], day: date, at: datetime
) -> Iterator[Asked]:
    for site_id, rows in groupby(sorted(papers, key=_site), key=_site):
        ending = list(rows)
        facts = {
            "site": ending[0].site_name,
            "count": len(ending),
            "day": min(row.ends_on for row in ending).isoformat(),
        }
        for office in offices:
            if office.site_id == site_id:
                yield _asked(office, "facilities.papers_ending", f"site:{site_id}:{day}", facts, at)


def _to_counties(
    papers: Sequence[Row[Any]], offices: Sequence[Row[Any]], day: date, at: datetime
) -> Iterator[Asked]:
    for office in offices:
        if office.role == Role.COUNTY_OFFICER:
            code = office.division_code
            count = sum(row.division_code.startswith(code) for row in papers)
            if count:
                facts = {"count": count}
                yield _asked(office, "facilities.county_papers", f"{code}:{day}", facts, at)


def _site(row: Row[Any]) -> int:
    return int(row.site_id)


def _asked(office: Row[Any], kind: str, whose: str, facts: dict[str, Any], at: datetime) -> Asked:
    return Asked(
        phone=office.phone,
        language=office.language,
        channel=Channel.SMS,
        kind=kind,
        subject=f"papers:{whose}",
        facts=facts,
        due_at=at,
        expires_at=at + KEPT_FOR,
    )
