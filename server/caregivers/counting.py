"""Caregivers counted by site and by level, as of a day; each figure opens to its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server.caregivers.models import Caregiver, Employment, SkillCertificate
from server.caregivers.queries import certified_on, employed_on
from server.caregivers.register import SEE
from server.db.sessions import actor_of
from server.identity.roles import reach_of
from server.places.models import Division
from server.providers.models import Site
from server.providers.queries import within


@dataclass(frozen=True)
class Counts:
    """Rows by site; those certified are of the people at work there on the day."""

    on: date
    rows: Sequence[Row[Any]]
    levels: Sequence[Row[Any]]

    @property
    def people(self) -> int:
        return sum(row.people for row in self.levels)

    @property
    def certified(self) -> int:
        return sum(row.people for row in self.levels if row.level is not None)


def count_at_work(session: Session, *, on: date) -> Counts:
    """Return caregivers at work on the day by site and by level; nobody counts twice in a row.

    Somebody with two employers counts at each of them, and once among the levels.
    """
    return Counts(on, _by_site(session, on), _by_level(session, on))


def _by_site(session: Session, on: date) -> Sequence[Row[Any]]:
    best = _best(on)
    county = func.left(col(Site.division_code), 6)
    whoever = col(Employment.caregiver_id).distinct()
    query = (
        select(
            col(Site.id),
            col(Site.name),
            county.label("county_code"),
            func.max(col(Division.name)).label("county_name"),
            func.count(whoever).label("people"),
            func.count(whoever).filter(col(Employment.is_front_line)).label("front_line"),
            func.count(whoever).filter(best.c.level.is_not(None)).label("certified"),
            func.count(whoever).filter(best.c.level <= 3).label("senior"),
        )
        .join(Employment, col(Employment.site_id) == col(Site.id))
        .outerjoin(best, best.c.caregiver_id == col(Employment.caregiver_id))
        .outerjoin(Division, col(Division.code) == county)
        .where(employed_on(on), _reached(session))
        .group_by(col(Site.id))
        .order_by(county, col(Site.name), col(Site.id))
    )
    return session.execute(query).all()


def _by_level(session: Session, on: date) -> Sequence[Row[Any]]:
    best = _best(on)
    at_work = (
        select(col(Caregiver.id))
        .join(Employment, col(Employment.caregiver_id) == col(Caregiver.id))
        .join(Site, col(Site.id) == col(Employment.site_id))
        .where(employed_on(on), _reached(session))
        .distinct()
        .subquery()
    )
    query = (
        select(best.c.level, func.count().label("people"))
        .select_from(at_work)
        .outerjoin(best, best.c.caregiver_id == at_work.c.id)
        .group_by(best.c.level)
        .order_by(best.c.level.desc().nulls_first())
    )
    return session.execute(query).all()


def _best(on: date) -> Any:
    return (
        select(
            col(SkillCertificate.caregiver_id), func.min(col(SkillCertificate.level)).label("level")
        )
        .where(certified_on(on))
        .group_by(col(SkillCertificate.caregiver_id))
        .subquery()
    )


def _reached(session: Session) -> Any:
    reach = reach_of(actor_of(session), SEE)
    return within(reach.prefixes, reach.site_ids)
