"""Settlements by stage and day, and the drawing up of a month for all canteens in reach."""

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.meals.settlement.forms import DrawUpForm, SettlementFilters, in_address
from admin.pages import is_part, page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.meals.settlement import queries, service
from server.meals.settlement.models import SettlementStage
from server.providers.queries import within
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "meal_settlements", __name__, url_prefix="/meals/settlements", template_folder="templates"
)
SEE, DRAW_UP = "meals.see-settlements", "meals.draw-up"


@blueprint.get("")
@reads(SEE)
def list_settlements(*, session: Session) -> str:
    """What waits for whom, the nearest day first."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_settlements(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Canteen"), _("Month"), _("Stage"), _("Last day of the stage"), _("Meals"),
                _("Person-days"), _("Subsidy of meals"), _("Operating subsidy"),
                _("Settlement adjustments"), _("The city owes"), _("Payment order")]  # fmt: skip
    rows = (
        [row.site_name, f"{row.month:%Y-%m}", word("settlement_stage", row.stage), row.due_on,
         row.meals, row.person_days, in_yuan(row.subsidy_fen), in_yuan(row.operation_fen),
         in_yuan(row.adjustment_fen), in_yuan(row.owed_fen), row.paid_number]
        for row in _rows(session, asked(SettlementFilters))
    )  # fmt: skip
    return export(ending, _("Settlements of canteens"), headings, rows)


@blueprint.post("")
@submits(DRAW_UP)
def draw_up(*, session: Session) -> Any:
    """Draw up the next few canteens of the month, and from a page that can, go on until the last.

    Each few are a step of their own: whoever leaves the page and comes back goes on from there.
    """
    values, errors = submitted(DrawUpForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        prefixes = reach_of(actor_of(session), DRAW_UP).prefixes
        drawn = service.draw_up_slice(session, prefixes, values["month"])
    except DomainError as refusal:
        if is_part():
            raise
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return _went_on(session, values["month"], drawn)


def last_month() -> date:
    """Return the first day of the month before this one."""
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


def _went_on(session: Session, month: date, drawn: int) -> Any:
    there = url_for(".list_settlements", month=f"{month:%Y-%m}")
    if not is_part():
        return redirect(there, HTTPStatus.SEE_OTHER)
    facts = _drawing(session, month)
    if drawn and any(not row.waiting for row in facts["waiting"]):
        return render_template("admin/meals/settlement/drawing.html", **facts, goes_on=True)
    return Response(headers={"HX-Redirect": there})


def _page(session: Session, **facts: Any) -> str:
    filters = asked(SettlementFilters)
    return page(
        session,
        "admin/meals/settlement/list.html",
        settlements=_rows(session, filters),
        filters=filters,
        asked_for=in_address(filters),
        stages=[(one.value, word("settlement_stage", one)) for one in SettlementStage],
        as_of=clock.now(),
        **_drawing(session, filters["month"] or last_month()),
        **facts,
    )


def _drawing(session: Session, month: date) -> dict[str, Any]:
    """How far the drawing up of a month has come, for whoever may draw it up."""
    return {
        "month": month,
        "waiting": _waiting(session, month),
        "drawn": len(_rows(session, {"month": month})),
        "opens_on": service.draws_up_from(session, month),
        "today": clock.today(),
    }


def _rows(session: Session, filters: dict[str, Any]) -> Sequence[Row[Any]]:
    reach = reach_of(actor_of(session), SEE)
    in_reach = within(reach.prefixes, reach.site_ids)
    return queries.list_settlements(session, in_reach, queries.Wanted(**filters))


def _waiting(session: Session, month: date) -> Sequence[Row[Any]]:
    """The canteens that this person could draw up."""
    if not may(actor_of(session), DRAW_UP):
        return []
    reach = reach_of(actor_of(session), DRAW_UP)
    return queries.list_to_draw_up(session, within(reach.prefixes, ()), month)
