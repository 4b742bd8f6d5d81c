"""Whose caregivers a person counts or follows, and what the needed ones rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.facilities.returns.queries import Scope
from server.facilities.staffing import rules
from server.facilities.staffing.queries import Home, get_ratios, list_homes
from server.facilities.staffing.rules import Care
from server.identity.roles import reach_of
from server.policies.models import Parameter
from server.policies.queries import list_bases

FILE, SEE = "facilities.file-returns", "facilities.see-returns"


@dataclass(frozen=True)
class Need:
    """People who take so much care, and which part of caregivers they need by day and by night."""

    care: Care
    people: int
    each_by_day: int
    each_by_night: int

    @property
    def by_day(self) -> Fraction:
        return rules.share(self.people, self.each_by_day)

    @property
    def by_night(self) -> Fraction:
        return rules.share(self.people, self.each_by_night)


def homes_of(session: Session, permission: str, *, week: date | None = None) -> Sequence[Home]:
    """Return the homes at which this person holds the permission, this week or in another."""
    reach = reach_of(actor_of(session), permission)
    this = rules.monday_of(clock.today())
    return list_homes(session, Scope(reach.prefixes, reach.site_ids), week=week or this)


def choose_home(homes: Sequence[Home], wanted: int | None) -> Home | None:
    """Return the home asked for, or the only one there is; None where one is to be chosen.

    Raises `NotFound` for a home that is not among them.
    """
    if wanted is None:
        return homes[0] if len(homes) == 1 else None
    for home in homes:
        if home.row.id == wanted:
            return home
    raise NotFound()


def needs_of(session: Session, home: Home) -> list[Need]:
    """Return who lives there by care, with the ratios of today."""
    ratios = get_ratios(session, on=clock.today())
    return [
        Need(care, home.people[care], ratios.by_day[care], ratios.by_night[care]) for care in Care
    ]


def bases(session: Session) -> Mapping[str, Parameter]:
    """Return the figures of today with document and clause."""
    return list_bases(session, rules.PARAMETERS, on=clock.today())
