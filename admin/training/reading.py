"""What the actor's offices reach of courses, and who can keep one."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.words import word
from server import clock
from server.caregivers.training import queries
from server.caregivers.training.keeping import Home
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.roles import Reach, reach_of
from server.places.queries import names_by_code
from server.providers.models import Site
from server.providers.queries import find_site_names

SEE, TEACH = "caregivers.see-training", "caregivers.teach"
ENROL, CERTIFY = "caregivers.enrol", "caregivers.certify"
CONTESTS = "caregivers.hold-contests"
DIGITS_OF_A_COUNTY = 6


def reach(session: Session, permission: str = SEE) -> Reach:
    """Return where the actor's offices hold the permission."""
    return reach_of(actor_of(session), permission)


def kept(session: Session, session_id: int, permission: str = TEACH) -> Row[Any]:
    """Return a session that the actor keeps with this permission; raises `NotFound`."""
    return queries.get_kept_session(session, session_id, reach(session, permission))


def keepers(session: Session, permission: str = TEACH) -> list[tuple[str, str]]:
    """Return who can keep a course for the actor: own sites, and offices; for a choice."""
    within = reach(session, permission)
    codes = [one for one in within.prefixes if len(one) <= DIGITS_OF_A_COUNTY]
    named = names_by_code(session) if codes else {}
    sites = find_site_names(session, within.site_ids)
    offices = [(f"d{code}", named.get(code, code)) for code in codes]
    return offices + [(f"s{site_id}", name) for site_id, name in sorted(sites.items())]


def home_of(session: Session, chosen: str) -> Home:
    """Return who keeps it, of those that `keepers` names; raises `NotFound`."""
    within = reach(session, TEACH)
    kind, key = chosen[:1], chosen[1:]
    if kind == "d" and key in within.prefixes:
        return Home(key)
    if kind == "s" and key.isdecimal() and int(key) in within.site_ids:
        site = session.get_one(Site, int(key))
        return Home(site.division_code[:DIGITS_OF_A_COUNTY], site.id)
    raise NotFound()


def pairs(kind: str, codes: Iterable[Enum]) -> list[tuple[str, str]]:
    """Return codes with their words, for a choice."""
    return [(str(code.value), word(kind, code)) for code in codes]


def at_wall(moment: datetime) -> datetime:
    """Return what a browser's field sent as a moment of the city."""
    return moment.replace(tzinfo=clock.CITY)


def begin_of(day: date) -> datetime:
    """Return when a day begins on the city's wall."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.CITY)
