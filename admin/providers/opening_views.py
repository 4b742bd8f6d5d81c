"""开业状态: a site opens, is suspended, closes; whoever is still in a bed stands in the way."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from sqlmodel import Session

from admin.forms import submitted
from admin.providers.basics_views import back_to
from admin.providers.reading import DECIDE, kept_site, site_page
from admin.providers.site_forms import OpeningForm
from admin.words import word
from server import clock
from server.errors import DomainError
from server.facilities.closing import change_opening, list_people
from server.facilities.errors import PeopleStillHere
from server.providers.details import list_openings
from server.providers.models import OpeningState
from server.providers.rules import NEXT
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "site_opening", __name__, url_prefix="/providers/sites/<int:site_id>/opening",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads(DECIDE)
def show_opening(*, site_id: int, session: Session) -> str:
    """What the site was, and what it may become."""
    kept_site(session, site_id, DECIDE)
    return _page(session, site_id)


@blueprint.post("")
@submits(DECIDE, with_reason=True)
def set_opening(*, site_id: int, session: Session) -> Any:
    """Let the site be what was chosen, or list whom that would leave without a bed."""
    kept_site(session, site_id, DECIDE)
    values, errors = submitted(OpeningForm)
    if errors:
        return _page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        change_opening(session, site_id, **values)
    except PeopleStillHere as refusal:
        people = list_people(session, site_id)
        return _page(session, site_id, refusal=refusal, people=people), STATUS[refusal.kind]
    except DomainError as refusal:
        return _page(session, site_id, refusal=refusal), STATUS[refusal.kind]
    return back_to(site_id)


def _page(session: Session, site_id: int, **given: Any) -> str:
    site = kept_site(session, site_id, DECIDE)
    after = [state for state in OpeningState if state in NEXT[site.opening_state]]
    return site_page(
        session,
        site_id,
        "admin/providers/opening.html",
        tab="basics",
        typed=request.form,
        today=clock.today(),
        states=[(state.value, word("opening_state", state)) for state in after],
        openings=list_openings(session, site_id),
        **given,
    )
