"""The register of caregivers as an office reads it: those in its reach, by what is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import clock
from server.caregivers.models import (
    ID_NUMBER_FIELD,
    Caregiver,
    Employment,
    EmploymentContract,
    Post,
    SkillCertificate,
)
from server.caregivers.queries import certified_on, employed_on
from server.caregivers.searching import Sought, Wanted
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.roles import reach_of
from server.places.models import Division
from server.providers.models import OpeningState, Site
from server.providers.queries import within
from server.secrets.fields import keyring

SEE, KEEP, VERIFY = "caregivers.see", "caregivers.keep", "caregivers.verify"
MOST_LISTED = 200
BEYOND = "\U0010ffff"  # Sorts after every text that begins the same.

EmployedAt = aliased(Site)


@dataclass(frozen=True)
class Filter:
    """Which caregivers are asked for; what is None does not narrow.

    `works` is True for those employed today, False for those who have left.
    """

    site_id: int | None = None
    county: str | None = None
    post: Post | None = None
    level: int | None = None
    is_certified: bool | None = None
    ends_before: date | None = None
    works: bool | None = True
    two_employers: bool = False
    wanted: Wanted | None = None
    only: Sequence[int] | None = None


def list_caregivers(
    session: Session, asked: Filter, *, limit: int | None = MOST_LISTED
) -> Sequence[Row[Any]]:
    """Return caregivers in reach by name, each with where they work and their certificate today."""
    query = _shown(clock.today()).where(_reached(session), *_conditions(asked, clock.today()))
    return session.execute(
        query.order_by(col(Caregiver.name), col(Caregiver.id)).limit(limit)
    ).all()


def count_caregivers(session: Session, asked: Filter) -> int:
    """Return how many there are."""
    query = (
        select(func.count())
        .select_from(Caregiver)
        .join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
        .where(_reached(session), *_conditions(asked, clock.today()))
    )
    counted: int = session.execute(query).scalar_one()
    return counted


def get_in_reach(session: Session, caregiver_id: int) -> Caregiver:
    """Return a caregiver whom the present office sees; raises `NotFound`, as for nobody."""
    query = (
        select(Caregiver)
        .join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
        .where(col(Caregiver.id) == caregiver_id, _reached(session))
    )
    caregiver: Caregiver | None = session.execute(query).scalar_one_or_none()
    if caregiver is None:
        raise NotFound()
    return caregiver


def get_kept(session: Session, caregiver_id: int, *, permission: str = KEEP) -> Caregiver:
    """Return a caregiver whose file the present office keeps, held until the transaction ends.

    Raises `NotFound` for everybody else's, also for whoever has left for another provider.
    """
    reach = reach_of(actor_of(session), permission)
    query = (
        select(Caregiver)
        .join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
        .where(col(Caregiver.id) == caregiver_id, within(reach.prefixes, reach.site_ids))
        .with_for_update(of=Caregiver, key_share=True)
    )
    caregiver: Caregiver | None = session.execute(query).scalar_one_or_none()
    if caregiver is None:
        raise NotFound()
    return caregiver


def get_own_site(session: Session, site_id: int, *, permission: str = KEEP) -> Site:
    """Return a site at which the actor holds the permission; raises `NotFound`."""
    reach = reach_of(actor_of(session), permission)
    query = select(Site).where(col(Site.id) == site_id, within(reach.prefixes, reach.site_ids))
    site: Site | None = session.execute(query).scalar_one_or_none()
    if site is None:
        raise NotFound()
    return site


def list_own_sites(session: Session, *, permission: str = SEE) -> Sequence[Row[Any]]:
    """Return (id, name) of the sites at which the actor holds the permission and that keep anyone.

    An operator's own sites are there also while they keep nobody yet.
    """
    reach = reach_of(actor_of(session), permission)
    keeps = exists().where(col(Caregiver.keeper_site_id) == col(Site.id))
    query: Any = (
        select(col(Site.id), col(Site.name), col(Site.provider_id))
        .where(
            within(reach.prefixes, reach.site_ids),
            or_(col(Site.id).in_(reach.site_ids), keeps),
        )
        .order_by(col(Site.name), col(Site.id))
    )
    return session.execute(query).all()


def list_sisters(session: Session, site_id: int) -> Sequence[Row[Any]]:
    """Return (id, name) of the other open sites of the same provider."""
    own = select(col(Site.provider_id)).where(col(Site.id) == site_id).scalar_subquery()
    query: Any = (
        select(col(Site.id), col(Site.name))
        .where(
            col(Site.provider_id) == own,
            col(Site.id) != site_id,
            col(Site.opening_state) == OpeningState.OPEN,
        )
        .order_by(col(Site.name), col(Site.id))
    )
    return session.execute(query).all()


def list_counties(session: Session) -> Sequence[Row[Any]]:
    """Return (code, name) of the counties in which somebody in reach is kept."""
    county = func.left(col(Site.division_code), 6)
    kept = (
        select(county)
        .select_from(Caregiver)
        .join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
        .where(_reached(session))
    )
    query = select(col(Division.code), col(Division.name)).where(col(Division.code).in_(kept))
    return session.execute(query.order_by(col(Division.code))).all()


def find_by_digest(session: Session, id_number: str) -> Caregiver | None:
    """Return who holds a checked ID number, as far as row security shows them."""
    digest = keyring().digest(id_number, ID_NUMBER_FIELD)
    query = select(Caregiver).where(col(Caregiver.id_number_digest) == digest)
    return session.execute(query).scalar_one_or_none()


def list_employments(session: Session, caregiver_id: int) -> Sequence[Row[Any]]:
    """Return (Employment, site name, provider) of a caregiver, the latest first."""
    query: Any = (
        select(Employment, col(Site.name).label("site_name"), col(Site.provider_id))
        .join(Site, col(Site.id) == col(Employment.site_id))
        .where(col(Employment.caregiver_id) == caregiver_id)
        .order_by(col(Employment.starts_on).desc(), col(Employment.id).desc())
    )
    return session.execute(query).all()


def list_contracts(
    session: Session, employment_ids: Sequence[int]
) -> Mapping[int, Sequence[EmploymentContract]]:
    """Return the contracts of employments, the latest first."""
    query = (
        select(EmploymentContract)
        .where(col(EmploymentContract.employment_id).in_(employment_ids))
        .order_by(col(EmploymentContract.starts_on).desc(), col(EmploymentContract.id).desc())
    )
    found: dict[int, list[EmploymentContract]] = {}
    for contract in session.execute(query).scalars():
        found.setdefault(contract.employment_id, []).append(contract)
    return found


def _reached(session: Session) -> ColumnElement[bool]:
    """Kept by a site in reach, or employed at one now or before; `Site` is the keeper's."""
    reach = reach_of(actor_of(session), SEE)
    worked = (
        exists()
        .where(
            col(Employment.caregiver_id) == col(Caregiver.id),
            col(EmployedAt.id) == col(Employment.site_id),
            _within(EmployedAt, reach.prefixes, reach.site_ids),
        )
        .correlate(Caregiver)
    )
    return or_(within(reach.prefixes, reach.site_ids), worked)


def _within(site: Any, prefixes: Sequence[str], site_ids: Sequence[int]) -> ColumnElement[bool]:
    under = [col(site.division_code).startswith(prefix, autoescape=True) for prefix in prefixes]
    return or_(col(site.id).in_(site_ids), *under)


def _conditions(asked: Filter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.site_id is not None:
        conditions.append(_employed(col(Employment.site_id) == asked.site_id, asked, today))
    if asked.county is not None:
        conditions.append(col(Site.division_code).startswith(asked.county, autoescape=True))
    if asked.post is not None:
        conditions.append(_employed(col(Employment.post) == asked.post, asked, today))
    if asked.works is not None:
        works = _employed(employed_on(today), Filter(works=None), today)
        conditions.append(works if asked.works else ~works)
    if asked.two_employers:
        conditions.append(_employed(col(Employment.overlap_allowed), asked, today))
    if asked.wanted is not None:
        conditions.append(_fits(asked.wanted))
    if asked.only is not None:
        conditions.append(col(Caregiver.id).in_(asked.only))
    return conditions + _of_certificates(asked, today)


def _of_certificates(asked: Filter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    best = _best(today)
    if asked.level is not None:
        conditions.append(best == asked.level)
    if asked.is_certified is not None:
        conditions.append(best.is_not(None) if asked.is_certified else best.is_(None))
    if asked.ends_before is not None:
        conditions.append(_last_day(today) < asked.ends_before)
    return conditions


def _employed(condition: Any, asked: Filter, today: date) -> ColumnElement[bool]:
    """There is an employment that fits; one of today, where those at work are asked for."""
    of_today = employed_on(today) if asked.works else None
    fits = [condition, col(Employment.caregiver_id) == col(Caregiver.id)]
    if of_today is not None:
        fits.append(of_today)
    return exists().where(*fits).correlate(Caregiver)


def _best(today: date) -> Any:
    """The highest level of which a certificate is good today."""
    return (
        select(func.min(col(SkillCertificate.level)))
        .where(col(SkillCertificate.caregiver_id) == col(Caregiver.id), certified_on(today))
        .correlate(Caregiver)
        .scalar_subquery()
    )


def _last_day(today: date) -> Any:
    """Until when the certificate of the highest level lasts that was not annulled."""
    return (
        select(col(SkillCertificate.valid_until))
        .where(
            col(SkillCertificate.caregiver_id) == col(Caregiver.id),
            col(SkillCertificate.issued_on) <= today,
            col(SkillCertificate.annulled_on).is_(None),
        )
        .order_by(
            col(SkillCertificate.level), col(SkillCertificate.valid_until).desc().nulls_first()
        )
        .limit(1)
        .correlate(Caregiver)
        .scalar_subquery()
    )


def _shown(today: date) -> Select[Any]:
    """One line a caregiver; the employment of today that began last."""
    present = (
        select(
            col(Employment.caregiver_id),
            col(Employment.post),
            col(Employment.is_front_line),
            col(Employment.is_full_time),
            col(Employment.overlap_allowed),
            col(Employment.starts_on),
            col(EmployedAt.name).label("works_at"),
        )
        .ext(distinct_on(col(Employment.caregiver_id)))
        .join(EmployedAt, col(EmployedAt.id) == col(Employment.site_id))
        .where(employed_on(today))
        .order_by(
            col(Employment.caregiver_id),
            col(Employment.starts_on).desc(),
            col(Employment.id).desc(),
        )
        .subquery()
    )
    return (
        select(
            col(Caregiver.id),
            col(Caregiver.name),
            col(Caregiver.born_on),
            col(Caregiver.phone),
            col(Caregiver.id_number_cipher),
            col(Caregiver.account_id),
            col(Site.name).label("site_name"),
            present.c.works_at,
            present.c.post,
            present.c.is_front_line,
            present.c.is_full_time,
            present.c.overlap_allowed,
            present.c.starts_on,
            _best(today).label("level"),
            _last_day(today).label("valid_until"),
        )
        .join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
        .outerjoin(present, present.c.caregiver_id == col(Caregiver.id))
    )


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.sought is Sought.ID_NUMBER:
        digest = keyring().digest(wanted.text, ID_NUMBER_FIELD)
        return col(Caregiver.id_number_digest) == digest
    if wanted.sought is Sought.PHONE:
        return col(Caregiver.phone) == wanted.text
    if wanted.sought is Sought.SPELLING:
        pinyin, initials = col(Caregiver.pinyin), col(Caregiver.initials)
        return or_(_begins(pinyin, wanted.text), _begins(initials, wanted.text))
    return _begins(col(Caregiver.name), wanted.text)


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """`LIKE 'x%'` in operators that are leakproof, so that an index serves beneath row security."""
    return and_(column.op("~>=~")(text), column.op("~<~")(text + BEYOND))
