"""What every table of homes by county has in common: its filters, and its groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlmodel import Session

from admin.places import check_near
from server.db.sessions import actor_of
from server.identity.roles import reach_of
from server.places.queries import list_counties

County = tuple[tuple[str | None, str | None], list[Any]]


def list_within(
    session: Session, permission: str, find: Callable[[Session, str], Iterable[Any]],
    division: str | None,
) -> list[Any]:  # fmt: skip
    """Return the homes of this person's reach that lie in the county of a division.

    Raises `NotFound` for a division out of reach.
    """
    check_near(reach_of(actor_of(session), permission).prefixes, division)
    county = (division or "")[:6]
    return [
        home
        for home in find(session, permission)
        if (home.row.county_code or "").startswith(county)
    ]


def by_county(homes: Iterable[Any]) -> list[County]:
    """Return homes that are sorted by county as (code, name) and members."""
    grouped = groupby(homes, lambda home: (home.row.county_code, home.row.county_name))
    return [(county, list(members)) for county, members in grouped]


def county_choices(session: Session, permission: str) -> Sequence[tuple[str, str]]:
    """Return the counties that can be filtered by, as code and name."""
    reach = reach_of(actor_of(session), permission)
    return [(one.code, one.name) for one in list_counties(session, prefixes=reach.prefixes)]


def in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    """Return the filters as they stand in an address."""
    return {name: str(getattr(value, "value", value)) for name, value in filters.items() if value}
