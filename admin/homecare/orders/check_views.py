"""The sample of a county that is looked at on the spot: drawn in public, checked, reported."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.homecare.orders.forms import CheckFilters, CheckForm, DrawForm
from admin.homecare.orders.reading import last_month
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.homecare.orders import sampling
from server.homecare.orders.models import CheckResult
from server.homecare.plans.queries import list_services
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_checks", __name__, url_prefix="/care/order-checks", template_folder="templates"
)
SEE, CHECK = "homecare.see-order-checks", "homecare.check-orders"


@blueprint.get("")
@reads(SEE)
def show_sample(*, session: Session) -> str:
    """The sample of a county and month, or the way to draw it."""
    return _page(session, asked(CheckFilters))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_sample(*, ending: str, session: Session) -> Response:
    """The same as a file, with what anybody needs to draw it again."""
    wanted = _wanted(session, asked(CheckFilters))
    draw = sampling.find_draw(session, wanted["county"], wanted["month"])
    rows = sampling.list_checks(session, draw.id or 0) if draw else []
    headings = [_("Place"), _("Order"), _("Ordered for"), _("The person"), _("Provider"),
                _("Found"), _("Note"), _("Checked at"), _("Seed")]  # fmt: skip
    seed = draw.seed if draw else ""
    return export(ending, _("Checks on the spot"), headings, (_cells(row, seed) for row in rows))


@blueprint.post("")
@submits(CHECK)
def draw(*, session: Session) -> Any:
    """Draw the sample, once."""
    values, errors = submitted(DrawForm)
    if errors:
        return _page(session, _nothing(), errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    if values["county"] not in {row.code for row in _counties(session)}:
        raise NotFound()
    wanted = {"county": values["county"], "month": values["month"]}
    try:
        sampling.draw_sample(
            session, county_code=values["county"], month=values["month"], seed=values["seed"]
        )
    except DomainError as refusal:
        return _page(session, wanted, refusal=refusal), STATUS[refusal.kind]
    return redirect(_address(wanted), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:check_id>/result")
@submits(CHECK)
def note_result(*, check_id: int, session: Session) -> Any:
    """Write down what was found."""
    wanted = sampling.county_and_month_of(session, check_id)
    values, errors = submitted(CheckForm)
    if errors:
        return _page(session, wanted, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        sampling.note_check(session, check_id, **values)
    except DomainError as refusal:
        return _page(session, wanted, refusal=refusal), STATUS[refusal.kind]
    return redirect(_address(wanted), HTTPStatus.SEE_OTHER)


def _nothing() -> dict[str, Any]:
    return {"county": None, "month": None}


def _address(wanted: dict[str, Any]) -> str:
    month = f"{wanted['month']:%Y-%m}"
    return url_for(".show_sample", county=wanted["county"], month=month)


def _counties(session: Session) -> Sequence[Row[Any]]:
    return sampling.list_counties(session, reach_of(actor_of(session), SEE).prefixes)


def _wanted(session: Session, asked_for: dict[str, Any]) -> dict[str, Any]:
    codes = [row.code for row in _counties(session)]
    county = asked_for["county"] if asked_for["county"] in codes else (codes or [""])[0]
    return {"county": county, "month": asked_for["month"] or last_month()}


def _cells(row: Row[Any], seed: str) -> list[Any]:
    found = word("check_result", row.result) if row.result else ""
    return [row.place, row.order_id, row.starts_at, row.resident_name or "", row.site_name, found,
            row.note, row.checked_at, seed]  # fmt: skip


def _page(session: Session, asked_for: dict[str, Any], **facts: Any) -> str:
    wanted = _wanted(session, asked_for)
    drawn = sampling.find_draw(session, wanted["county"], wanted["month"])
    return page(
        session,
        "admin/homecare/orders/checks.html",
        counties=[(row.code, row.name) for row in _counties(session)],
        wanted=wanted,
        drawn=drawn,
        checks=sampling.list_checks(session, drawn.id or 0) if drawn else [],
        results=list(CheckResult),
        services=list_services(session, on=clock.today()),
        **facts,
    )
