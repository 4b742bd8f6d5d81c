"""Where in the city a page stands: breadcrumbs by division, as far up as one may look."""

from collections.abc import Sequence

from flask import url_for
from sqlmodel import Session

from server.db.cities import current_city
from server.errors import NotFound
from server.identity.roles import Reach
from server.places.queries import list_chain

Step = tuple[str, str]


def steps_to(session: Session, code: str, reach: Reach, endpoint: str) -> list[Step]:
    """Return (name, address) of the division and those above it, the city first.

    `endpoint` is the list that takes a `division`; what lies outside the reach has no address.
    """
    prefixes = tuple(reach.prefixes)
    return [
        (
            division.name,
            url_for(endpoint, division=division.code) if division.code.startswith(prefixes) else "",
        )
        for division in list_chain(session, code)
    ]


def widest(reach: Reach) -> str:
    """Return the division that one's pages begin at."""
    return min(reach.prefixes, key=len, default=current_city())


def check_near(prefixes: Sequence[str], division: str | None) -> None:
    """Raise `NotFound` unless the division lies within one of the prefixes or around it."""
    if division is not None and not any(
        prefix.startswith(division) or division.startswith(prefix) for prefix in prefixes
    ):
        raise NotFound()
