"""What stands beside a site: openings, papers, stars, prices and photos, and when papers end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, union_all
from sqlmodel import Session, col

from server.errors import NotFound
from server.providers.models import (
    OpeningState,
    Site,
    SiteOpening,
    SitePaper,
    SitePrice,
    SiteStar,
)
from server.providers.queries import within

Detail = SitePaper | SiteStar | SitePrice
MOST_PAPERS = 5_000


def list_details(session: Session, model: type[Detail], site_id: int) -> Sequence[Any]:
    """Return the rows of a site, those that began last first."""
    query: Any = select(model).where(col(model.site_id) == site_id)
    rows: Sequence[Any] = (
        session.execute(query.order_by(col(model.starts_on).desc(), col(model.id).desc()))
        .scalars()
        .all()
    )
    return rows


def get_detail(session: Session, model: type[Detail], site_id: int, detail_id: int) -> Any:
    """Return a row of the site; raises `NotFound` for any other."""
    query: Any = select(model).where(col(model.id) == detail_id, col(model.site_id) == site_id)
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_openings(session: Session, site_id: int) -> Sequence[SiteOpening]:
    """Return what the site was, the last first; what it was before the first nobody noted."""
    query = select(SiteOpening).where(col(SiteOpening.site_id) == site_id)
    return session.execute(query.order_by(col(SiteOpening.starts_on).desc())).scalars().all()


def stars_on(session: Session, site_id: int, *, on: date) -> int | None:
    """Return the star level of a site on a day, None where it has none."""
    query = select(col(SiteStar.stars)).where(
        col(SiteStar.site_id) == site_id,
        col(SiteStar.starts_on) <= on,
        col(SiteStar.ends_on) > on,
    )
    return session.execute(query).scalar_one_or_none()


@dataclass(frozen=True)
class Expiring:
    """Whose papers are looked at, and until which day, itself counted, they still hold."""

    prefixes: Sequence[str]
    site_ids: Sequence[int]
    until: date


def list_expiring(session: Session, wanted: Expiring) -> Sequence[Row[Any]]:
    """Return papers and star levels that end by that day or have ended, the soonest first.

    A paper that a later one of its kind follows is not listed, nor one of a closed site.
    (site_id, site_name, division_code, what, number, ends_on); `what` is a `PaperKind` or `star`.
    """
    both = union_all(_ending_papers(wanted), _ending_stars(wanted)).subquery("ending")
    query = select(both).order_by(both.c.ends_on, both.c.site_name, both.c.site_id, both.c.what)
    return session.execute(query.limit(MOST_PAPERS)).all()


def _ending_papers(wanted: Expiring) -> Any:
    later = select(SitePaper.__table__).subquery("later")  # type: ignore[attr-defined]
    followed = select(later.c.id).where(
        later.c.site_id == col(SitePaper.site_id),
        later.c.kind == col(SitePaper.kind),
        or_(later.c.ends_on.is_(None), later.c.ends_on > col(SitePaper.ends_on)),
    )
    query: Any = select(
        *_of_site(),
        func.concat(col(SitePaper.kind)).label("what"),
        col(SitePaper.number).label("number"),
        col(SitePaper.ends_on).label("ends_on"),
    ).join(SitePaper, col(SitePaper.site_id) == col(Site.id))
    return query.where(_at_work(wanted), col(SitePaper.ends_on) <= wanted.until, ~followed.exists())


def _ending_stars(wanted: Expiring) -> Any:
    later = select(SiteStar.__table__).subquery("later")  # type: ignore[attr-defined]
    followed = select(later.c.id).where(
        later.c.site_id == col(SiteStar.site_id), later.c.ends_on > col(SiteStar.ends_on)
    )
    query: Any = select(
        *_of_site(),
        func.concat("star").label("what"),
        func.concat(col(SiteStar.stars)).label("number"),
        col(SiteStar.ends_on).label("ends_on"),
    ).join(SiteStar, col(SiteStar.site_id) == col(Site.id))
    return query.where(_at_work(wanted), col(SiteStar.ends_on) <= wanted.until, ~followed.exists())


def _of_site() -> list[Any]:
    return [
        col(Site.id).label("site_id"),
        col(Site.name).label("site_name"),
        col(Site.division_code).label("division_code"),
    ]


def _at_work(wanted: Expiring) -> Any:
    return and_(
        within(wanted.prefixes, wanted.site_ids),
        col(Site.opening_state) != OpeningState.CLOSED,
    )
