"""调整: amounts put right in a month that is open, asked by one person and decided by another."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.meals.reading import canteens_of
from admin.meals.settlement.forms import AdjustmentForm, DecisionForm, in_fen
from admin.meals.settlement.list_views import SEE
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.settlement import queries, service
from server.providers.queries import within
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "meal_adjustments", __name__, url_prefix="/meals/adjustments", template_folder="templates"
)
ASK, DECIDE = "meals.ask-adjustment", "meals.decide-adjustment"


@blueprint.get("")
@reads(SEE)
def list_adjustments(*, session: Session) -> str:
    """Those that wait first, and a form for another."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_adjustments(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Canteen"), _("Month"), _("Amount"), _("Reason"), _("State"), _("Asked at"),
                _("Decided at")]  # fmt: skip
    rows = (
        [row.site_name, f"{row.month:%Y-%m}", in_yuan(row.amount_fen), row.reason,
         word("adjustment_state", row.state), row.asked_at, row.decided_at]
        for row in _rows(session)
    )  # fmt: skip
    return export(ending, _("Settlement adjustments"), headings, rows)


@blueprint.post("")
@submits(ASK)
def ask(*, session: Session) -> Any:
    """Ask for one; it counts once another person accepts it."""
    values, errors = submitted(AdjustmentForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    if values["site_id"] not in {row.id for row in canteens_of(session, ASK)}:
        raise NotFound()
    wanted = {
        "site_id": values["site_id"],
        "month": values["month"],
        "amount_fen": in_fen(values["amount"]),
        "reason": values["adjustment_reason"],
    }
    return _after(session, lambda: service.ask_adjustment(session, **wanted))


@blueprint.post("/<int:adjustment_id>/decision")
@submits(DECIDE)
def decide(*, adjustment_id: int, session: Session) -> Any:
    """Accept or refuse what another person asked for."""
    if not _rows(session, DECIDE, adjustment_id=adjustment_id):
        raise NotFound()
    values, errors = submitted(DecisionForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    return _after(session, lambda: service.decide_adjustment(session, adjustment_id, **values))


def _after(session: Session, step: Callable[[], object]) -> Any:
    try:
        step()
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_adjustments"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    canteens = canteens_of(session, ASK)
    return page(
        session,
        "admin/meals/settlement/adjustments.html",
        adjustments=_rows(session),
        canteens=[(str(row.id), row.name) for row in canteens],
        month=_this_month(),
        **facts,
    )


def _this_month() -> date:
    return clock.today().replace(day=1)


def _rows(session: Session, permission: str = SEE, **wanted: Any) -> Any:
    reach = reach_of(actor_of(session), permission)
    return queries.list_adjustments(session, within(reach.prefixes, reach.site_ids), **wanted)
