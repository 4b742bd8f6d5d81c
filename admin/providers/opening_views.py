"""开业状态: a site opens, is suspended, closes; whoever is still in a bed stands in the way."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, mark_of
from admin.forms import submitted
from admin.providers.basics_views import back_to
from admin.providers.reading import DECIDE, kept_site, site_page
from admin.providers.site_forms import OpeningForm, PeopleForm
from admin.words import word
from server import clock, masking
from server.errors import DomainError
from server.facilities.closing import change_opening, list_people
from server.facilities.errors import PeopleStillHere
from server.i18n.catalogues import gettext as _
from server.providers.details import list_openings
from server.providers.models import OpeningState
from server.providers.rules import NEXT
from server.residents.exporting import watermarked
from server.residents.openings import note_export
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


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(DECIDE)
def export_openings(*, site_id: int, ending: str, session: Session) -> Response:
    """What the site was, as a file."""
    site = kept_site(session, site_id, DECIDE)
    cells = (
        [word("opening_state", one.state), one.starts_on, one.reason]
        for one in list_openings(session, site_id)
    )
    headings = [_("What it became"), _("From"), _("Why")]
    title = _("Opening")
    return export(ending, f"{site.name}-{title}", headings, cells)


@blueprint.post("/people/export")
@submits("residents.export", with_reason=True)
def export_people(*, site_id: int, session: Session) -> Any:
    """Whoever must first find another place, as a file: starred, with a reason, marked at its end.

    Everybody in it can see that they were taken along, by whom and why.
    """
    site = kept_site(session, site_id, "residents.export")
    values, errors = submitted(PeopleForm)
    if errors:
        return _page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    people = list_people(session, site_id)
    known = [one.resident_id for one in people if one.resident_id is not None]
    note_export(session, known, reason=values["reason"])
    cells = [
        [one.label, one.name and masking.name(one.name), word("stay_status", one.status)]
        for one in people
    ]
    marked = watermarked(cells, mark_of(session, values["reason"]))
    headings = [_("Bed"), _("Name"), _("State")]
    title = _("Still here")
    return export(values["kind"], f"{site.name}-{title}", headings, marked)


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
