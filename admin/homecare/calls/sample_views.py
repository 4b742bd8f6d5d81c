"""Samples of a month: drawn once, by a public seed; and what the calls came to."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.homecare.calls.forms import CallFilters, DrawForm
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.homecare.beds.queries import list_providers
from server.homecare.callbacks import queries, rules
from server.homecare.callbacks.calling import find_own
from server.homecare.callbacks.drawing import draw_sample, frame_of, is_as_drawn
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.places.queries import list_counties
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("calls", __name__, url_prefix="/homecare/calls", template_folder="templates")

SEE, CALL = "homecare.see-calls", "homecare.call-back"


@blueprint.get("")
@reads(SEE)
def list_samples(*, session: Session) -> str:
    """The samples in reach, and a form that draws another."""
    return _samples_page(session)


@blueprint.post("")
@submits(CALL)
def draw(*, session: Session) -> Any:
    """Draw a month, once."""
    values, errors = submitted(DrawForm)
    if errors:
        return _samples_page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    _check_reach(session, values["county"])
    try:
        sample = draw_sample(
            session,
            values["month"],
            prefix=values["county"],
            seed=values["seed"],
            site_id=values["provider"],
        )
    except DomainError as refusal:
        return _samples_page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_sample", sample_id=sample.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:sample_id>")
@reads(SEE)
def show_sample(*, sample_id: int, session: Session) -> str:
    """How it was drawn, what the calls came to by provider, and the calls behind each number."""
    sample, wanted = queries.get_shown(session, sample_id), asked(CallFilters)
    counted = queries.count_of(session, sample_id)
    return page(
        session,
        "admin/homecare/sample.html",
        sample=sample,
        counted=counted,
        total=queries.sum_of(counted),
        margin=rules.margin(sample.size, population=sample.population),
        is_as_drawn=is_as_drawn(session, sample_id),
        calls=queries.list_calls(session, sample_id, **wanted),
        wanted=wanted,
        as_of=clock.now(),
    )


@blueprint.get(f"/<int:sample_id>/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_calls(*, sample_id: int, ending: str, session: Session) -> Response:
    """The calls of a sample as a file, people with stars."""
    queries.get_shown(session, sample_id)
    headings = [_("Place in the drawing"), _("Visit"), _("Day"), _("Provider"), _("Cared for"),
                _("Care worker"), _("State"), _("Tries"), _("Result"), _("Remark")]  # fmt: skip
    rows = queries.list_calls(session, sample_id, **asked(CallFilters))
    return export(ending, _("Calls back"), headings, map(_cells, rows))


@blueprint.get(f"/<int:sample_id>/list.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_frame(*, sample_id: int, ending: str, session: Session) -> Response:
    """Every visit that could have been drawn, with its lot: whoever has it can draw again."""
    seed = queries.get_shown(session, sample_id).seed
    visits = frame_of(session, sample_id)
    headings = [_("Visit"), _("Number of the provider"), _("Lot")]
    rows = ([visit, site, rules.lot(seed, visit)] for visit, site in visits.items())
    return export(ending, _("Visits that could be drawn"), headings, rows)


def _samples_page(session: Session, **facts: Any) -> str:
    prefixes = reach_of(actor_of(session), CALL).prefixes
    return page(
        session,
        "admin/homecare/samples.html",
        samples=queries.list_samples(session),
        months=[(f"{one:%Y-%m}",) * 2 for one in queries.list_months(clock.today())],
        counties=[(one.code, one.name) for one in list_counties(session, prefixes=prefixes)],
        providers=[(str(one.id), one.name) for one in list_providers(session)],
        in_hand=find_own(session),
        as_of=clock.now(),
        **facts,
    )


def _check_reach(session: Session, county: str) -> None:
    prefixes = tuple(reach_of(actor_of(session), CALL).prefixes)
    if not county.startswith(prefixes):
        raise NotFound()


def _cells(row: Row[Any]) -> list[Any]:
    result = word("call_result", row.result) if row.result else ""
    remark = (row.answers or {}).get("remark", "")
    name = masking.name(row.resident_name) if row.resident_name else ""
    return [row.place, row.visit_id, row.service_on, row.site_name, name, row.worker_name,
            word("call_state", row.state), row.tries, result, remark]  # fmt: skip
