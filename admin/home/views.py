"""What this person can do here, with the figures of today behind each door."""

from typing import Any

from flask import Blueprint
from sqlmodel import Session

from admin.meals.reading import sums
from admin.navigation import groups_of
from admin.pages import page
from admin.providers.reading import register_reach
from server import clock
from server.db.sessions import actor_of
from server.identity.roles import may, reach_of
from server.meals.queries.overview import list_canteen_figures
from server.providers.queries import count_register
from server.web.access import reads

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@reads("identity.use-console")
def show_home(*, session: Session) -> str:
    """The first page after the door."""
    actor = actor_of(session)
    facts: dict[str, Any] = {"groups": groups_of(actor), "meals": None, "register": None}
    for permission in ("meals.see-canteen", "meals.see-overview"):
        if may(actor, permission):
            facts["meals"] = _meals_today(session, permission)
    if may(actor, "providers.see-register"):
        facts["register"] = _register(session)
    return page(session, "admin/home/home.html", as_of=clock.now(), **facts)


def _meals_today(session: Session, permission: str) -> dict[str, int]:
    reach = reach_of(actor_of(session), permission)
    return sums(
        list_canteen_figures(
            session, prefixes=reach.prefixes, site_ids=reach.site_ids, today=clock.today()
        )
    )


def _register(session: Session) -> Any:
    reach = register_reach(session)
    return count_register(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
