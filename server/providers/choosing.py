"""What somebody goes by who chooses a home: its star level, and what a month costs, on a day.

For statements over many sites: each is read once, whatever the number of sites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from server.providers.models import PriceItem, Site, SitePrice, SiteStar

MONTHLY = (PriceItem.BED, PriceItem.NURSING, PriceItem.MEALS)


@dataclass(frozen=True)
class Choosing:
    """Star levels and prices to stand beside `Site` in a statement."""

    stars: Subquery
    prices: Subquery

    @classmethod
    def on(cls, day: date) -> Self:
        """Return what holds on the day."""
        return cls(_stars_on(day), _months_on(day))

    @property
    def star(self) -> ColumnElement[int | None]:
        """From one to five; null where no level holds."""
        star: ColumnElement[int | None] = self.stars.c.stars
        return star

    @property
    def price_from(self) -> ColumnElement[int | None]:
        """Bed, nursing and meals at their lowest; the register's own figure where none is dated."""
        return func.coalesce(self.prices.c.lowest_fen, col(Site.monthly_price_from_fen))

    @property
    def price_to(self) -> ColumnElement[int | None]:
        """The same at their highest; null where none is dated."""
        highest: ColumnElement[int | None] = self.prices.c.highest_fen
        return highest

    def beside(self, query: Select[Any]) -> Select[Any]:
        """Return a statement over `Site` with these two beside it."""
        return query.outerjoin(self.stars, self.stars.c.site_id == col(Site.id)).outerjoin(
            self.prices, self.prices.c.site_id == col(Site.id)
        )


def list_prices(session: Session, site_id: int, *, on: date) -> Sequence[Row[Any]]:
    """Return (item, lowest_fen, highest_fen) of what a site asks on a day, as `PriceItem` lists."""
    current = _prices_on(on).where(col(SitePrice.site_id) == site_id)
    order = list(PriceItem)
    return sorted(session.execute(current).all(), key=lambda row: order.index(row.item))


def _stars_on(day: date) -> Subquery:
    """At most one a site: the database lets no two levels overlap."""
    holds = and_(col(SiteStar.starts_on) <= day, col(SiteStar.ends_on) > day)
    return select(col(SiteStar.site_id), col(SiteStar.stars)).where(holds).subquery("star_now")


def _months_on(day: date) -> Subquery:
    """A month's lowest and highest by site; without the price of a bed it would seem too cheap."""
    current = _prices_on(day).where(col(SitePrice.item).in_(MONTHLY)).subquery("price_now")
    return (
        select(
            current.c.site_id,
            func.sum(current.c.lowest_fen).label("lowest_fen"),
            func.sum(current.c.highest_fen).label("highest_fen"),
        )
        .group_by(current.c.site_id)
        .having(func.bool_or(current.c.item == PriceItem.BED))
        .subquery("month_now")
    )


def _prices_on(day: date) -> Select[Any]:
    """The last row of each site and item that began by the day."""
    of = (col(SitePrice.site_id), col(SitePrice.item))
    query: Any = select(*of, col(SitePrice.lowest_fen), col(SitePrice.highest_fen))
    last: Select[Any] = query.where(col(SitePrice.starts_on) <= day).ext(distinct_on(*of))
    return last.order_by(*of, col(SitePrice.starts_on).desc())
