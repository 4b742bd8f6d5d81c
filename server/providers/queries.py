"""The register of sites, which is public, by kind, place and name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, or_, select, tuple_
from sqlmodel import Session, col

from server.errors import NotFound
from server.files.models import File, FilePurpose
from server.places.models import Division
from server.providers.models import (
    FacilityKind,
    OpeningState,
    Ownership,
    Provider,
    Site,
    SitePhoto,
)

SAME_TOWN, SAME_COUNTY, CITY = range(3)
NEARNESS = ("same_town", "same_county", "city")


def list_sites_near(
    session: Session,
    *,
    kind: FacilityKind,
    village_code: str,
    after: tuple[int, str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return open sites of a kind by (nearness, name, id), starting after such a key."""
    rank = rank_from(village_code)
    query = _sites(rank).where(col(Site.kind) == kind, col(Site.opening_state) == OpeningState.OPEN)
    if after is not None:
        query = query.where(tuple_(rank, col(Site.name), col(Site.id)) > tuple_(*after))
    return session.execute(query.order_by(rank, col(Site.name), col(Site.id)).limit(limit)).all()


@dataclass(frozen=True)
class RegisterFilter:
    """Which part of the register is asked for; what is None or empty does not narrow it."""

    kind: FacilityKind | None = None
    ownership: Ownership | None = None
    division: str | None = None
    name: str = ""

    def narrow(self, query: Any) -> Any:
        """Return the query with this filter's conditions."""
        if self.kind is not None:
            query = query.where(col(Site.kind) == self.kind)
        if self.ownership is not None:
            query = query.where(col(Site.ownership) == self.ownership)
        if self.division is not None:
            query = query.where(col(Site.division_code).startswith(self.division, autoescape=True))
        if self.name:
            query = query.where(col(Site.name).contains(self.name, autoescape=True))
        return query


def list_register(
    session: Session,
    *,
    prefixes: Sequence[str],
    site_ids: Sequence[int],
    kind: FacilityKind | None = None,
    ownership: Ownership | None = None,
    division: str | None = None,
    name: str = "",
    after: tuple[str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return the sites within these prefixes or of these keys by (name, id), filtered."""
    wanted = RegisterFilter(kind, ownership, division, name)
    query = wanted.narrow(_sites(literal(CITY)).where(within(prefixes, site_ids)))
    if after is not None:
        query = query.where(tuple_(col(Site.name), col(Site.id)) > tuple_(*after))
    return session.execute(query.order_by(col(Site.name), col(Site.id)).limit(limit)).all()


def list_ids(session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]) -> list[int]:
    """Return the numbers of the sites within, in their order."""
    query = select(col(Site.id)).where(within(prefixes, site_ids)).order_by(col(Site.id))
    return list(session.execute(query).scalars())


def list_site_contacts(
    session: Session,
    *,
    prefixes: Sequence[str],
    kind: FacilityKind | None = None,
    division: str | None = None,
    after: tuple[str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return sites by (name, id) with what the public register leaves out."""
    query = (
        select(
            *Site.__table__.columns,  # type: ignore[attr-defined]
            col(Provider.name).label("provider_name"),
            col(Provider.uscc).label("provider_uscc"),
        )
        .outerjoin(Provider, col(Provider.id) == col(Site.provider_id))
        .where(within(prefixes, ()))
    )
    query = RegisterFilter(kind, None, division).narrow(query)
    if after is not None:
        query = query.where(tuple_(col(Site.name), col(Site.id)) > tuple_(*after))
    return session.execute(query.order_by(col(Site.name), col(Site.id)).limit(limit)).all()


def count_register(
    session: Session,
    *,
    prefixes: Sequence[str],
    site_ids: Sequence[int],
    wanted: RegisterFilter = RegisterFilter(),
) -> Row[Any]:
    """Return how many sites the filtered register has, their beds, and how many declare beds.

    `beds_declared` is None, and not 0, where no site says a number.
    """
    query = select(
        func.count().label("sites"),
        func.sum(col(Site.beds_declared)).label("beds_declared"),
        func.count(col(Site.beds_declared)).label("sites_with_beds"),
    ).where(within(prefixes, site_ids))
    return session.execute(wanted.narrow(query)).one()


def get_site(
    session: Session, site_id: int, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Row[Any]:
    """Return a site within the scope; raises `NotFound` for any other."""
    row = session.execute(
        _sites(literal(CITY)).where(col(Site.id) == site_id, within(prefixes, site_ids))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_site_names(session: Session, site_ids: Collection[int]) -> Mapping[int, str]:
    """Return number → name of those of these sites that there are, by name."""
    if not site_ids:
        return {}
    query: Any = (
        select(col(Site.id), col(Site.name))
        .where(col(Site.id).in_(site_ids))
        .order_by(col(Site.name), col(Site.id))
    )
    return {row.id: row.name for row in session.execute(query)}


def find_provider(session: Session, provider_id: int | None) -> Provider | None:
    """Return the organisation that runs a site, where the register says which."""
    return session.get(Provider, provider_id) if provider_id is not None else None


def count_sites_by_kind(session: Session, *, prefixes: Sequence[str]) -> Sequence[Row[Any]]:
    """Return how many sites of each kind the prefixes hold, and their declared beds."""
    return session.execute(
        select(
            col(Site.kind),
            func.count().label("sites"),
            func.sum(col(Site.beds_declared)).label("beds_declared"),
        )
        .where(within(prefixes, ()))
        .group_by(col(Site.kind))
        .order_by(col(Site.kind))
    ).all()


def list_photos(session: Session, site_id: int) -> Sequence[Row[Any]]:
    """Return (id, file_id, caption, position) of a site's photos in the order of showing."""
    return session.execute(
        select(
            col(SitePhoto.id), col(SitePhoto.file_id), col(SitePhoto.caption),
            col(SitePhoto.position),
        )
        .where(col(SitePhoto.site_id) == site_id)
        .order_by(col(SitePhoto.position), col(SitePhoto.id))
    ).all()  # fmt: skip


def get_photo_file(session: Session, file_id: int, *, site_id: int | None = None) -> Row[Any]:
    """Return (media_type, sha256) of a photo that a site, or this one, shows to everybody.

    Raises `NotFound` for any other file.
    """
    shown = select(col(File.media_type), col(File.sha256)).join(
        SitePhoto, col(SitePhoto.file_id) == col(File.id)
    )
    if site_id is not None:
        shown = shown.where(col(SitePhoto.site_id) == site_id)
    row = session.execute(
        shown.where(
            col(File.id) == file_id,
            col(File.purpose) == FilePurpose.SITE_PHOTO,
            col(File.removed_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _sites(rank: ColumnElement[int]) -> Select[Any]:
    county = (
        select(col(Division.name))
        .where(col(Division.code) == func.left(col(Site.division_code), 6))
        .correlate(Site)
        .scalar_subquery()
    )
    return select(
        *Site.__table__.columns,  # type: ignore[attr-defined]
        county.label("county_name"),
        rank.label("rank"),
    )


def within(prefixes: Sequence[str], site_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a site lies under one of the prefixes or is one of the sites."""
    under = [col(Site.division_code).startswith(prefix, autoescape=True) for prefix in prefixes]
    return or_(col(Site.id).in_(site_ids), *under)


def rank_from(village_code: str) -> ColumnElement[int]:
    code = col(Site.division_code)
    return case(
        (func.left(code, 9) == village_code[:9], literal(SAME_TOWN)),
        (func.left(code, 6) == village_code[:6], literal(SAME_COUNTY)),
        else_=literal(CITY),
    )
