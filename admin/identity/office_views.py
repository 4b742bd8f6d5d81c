"""Give a colleague an office: which, over which division or at which site, from when, and why."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.identity.forms import OfficeForm, PlaceArgs
from admin.pages import page
from admin.words import word
from server import clock
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.errors import DomainError
from server.identity.models import Role
from server.identity.roles import Reach, reach_of
from server.identity.service import staff
from server.identity.service.staff import MANAGES, Place
from server.places.queries import search_divisions
from server.providers.queries import list_register
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "offices", __name__, url_prefix="/staff/<int:staff_id>/offices", template_folder="templates"
)

UNUSABLE = 422
MOST_PLACES = 12
ONE_DAY = timedelta(days=1)


@blueprint.get("/new")
@reads(MANAGES)
def show_give(*, staff_id: int, session: Session) -> str:
    """The form; the places offered are those whose name was searched for, else the counties."""
    return _giving(session, staff_id, **asked(PlaceArgs))


@blueprint.post("")
@submits(MANAGES, with_reason=True)
def give(*, staff_id: int, session: Session) -> Any:
    """Give the office, or say kindly why not."""
    values, errors = submitted(OfficeForm)
    place = request.args.get("place", "")[:60]
    if errors:
        return _giving(session, staff_id, place=place, errors=errors), UNUSABLE
    until = values["until"]
    try:
        staff.give_office(
            session,
            staff_id,
            role=values["role"],
            place=_read_place(values["held_at"]),
            starts_on=values["starts_on"],
            ends_on=until + ONE_DAY if until else None,
        )
    except DomainError as refusal:
        return _giving(session, staff_id, place=place, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("staff.show_person", staff_id=staff_id, done="give-office"), 303)


def _giving(session: Session, staff_id: int, *, place: str, **facts: Any) -> str:
    typed = {"starts_on": clock.today().isoformat()} | request.form.to_dict()
    return page(
        session,
        "admin/identity/give_office.html",
        colleague=staff.get_managed(session, staff_id),
        place=place,
        places=_places(session, place),
        roles=[(role.value, word("role", role)) for role in Role],
        typed=typed,
        **facts,
    )


def _places(session: Session, name: str) -> Sequence[tuple[str, str, str]]:
    """Return (value, name, where it lies) of what fits the name, divisions before sites."""
    reach = reach_of(actor_of(session), MANAGES)
    divisions = search_divisions(
        session, name=name, prefixes=reach.prefixes or [current_city()], limit=MOST_PLACES
    )
    found = [(f"d{one.code}", one.name, one.path) for one in divisions]
    return [*found, *_sites(session, name, reach)] if name else found


def _sites(session: Session, name: str, reach: Reach) -> list[tuple[str, str, str]]:
    sites = list_register(
        session, prefixes=reach.prefixes, site_ids=reach.site_ids, name=name, limit=MOST_PLACES
    )
    return [(f"s{site.id}", site.name, site.county_name or "") for site in sites]


def _read_place(value: str) -> Place:
    if value.startswith("d"):
        return Place(division_code=value[1:])
    return Place(site_id=int(value[1:]))
