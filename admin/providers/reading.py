"""How far into the register a person may look."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.pages import page
from admin.places import steps_to
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.identity.roles import Reach, reach_of
from server.providers.queries import find_provider, get_site

PERMISSION, KEEP, DECIDE = "providers.see-register", "providers.keep-site", "providers.decide-site"


def own_reach(session: Session) -> Reach:
    """Return where this person's own offices lie."""
    return reach_of(actor_of(session), PERMISSION)


def register_reach(session: Session) -> Reach:
    """Return the divisions of the person's office; for someone of one site, the whole city.

    The register is public: an operator looks up colleagues in it, as anybody can on the phone. An
    officer works on the division of the office.
    """
    own = own_reach(session)
    return own if own.prefixes else Reach([current_city()], own.site_ids)


def kept_site(session: Session, site_id: int, permission: str) -> Row[Any]:
    """Return a site over which this person's offices hold the permission; raises `NotFound`."""
    reach = reach_of(actor_of(session), permission)
    return get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)


def site_page(session: Session, site_id: int, template: str, **facts: Any) -> str:
    """Return a page of a site's part of the register, with what its frame shows."""
    reach = register_reach(session)
    site = get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    frame = {
        "site": site,
        "provider": find_provider(session, site.provider_id),
        "steps": steps_to(session, site.division_code, reach, "providers.list_sites"),
        "is_own": site.id in own_reach(session).site_ids,
        "may_keep": _reaches(session, site, KEEP),
        "may_decide": _reaches(session, site, DECIDE),
    }
    return page(session, template, **frame, **facts)


def _reaches(session: Session, site: Row[Any], permission: str) -> bool:
    reach = reach_of(actor_of(session), permission)
    return site.id in reach.site_ids or site.division_code.startswith(tuple(reach.prefixes))
