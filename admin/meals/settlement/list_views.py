"""Settlements by stage and day, and the drawing up of a month for all canteens in reach."""

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.meals.settlement.forms import DrawUpForm, SettlementFilters, in_address
from admin.pages import page
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
    """Draw up the next few canteens of the month; the page says how many are left."""
    values, errors = submitted(DrawUpForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        prefixes = reach_of(actor_of(session), DRAW_UP).prefixes
        service.draw_up_slice(session, prefixes, values["month"])
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    there = url_for(".list_settlements", month=f"{values['month']:%Y-%m}")
    return redirect(there, HTTPStatus.SEE_OTHER)


def last_month() -> date:
    """Return the first day of the month before this one."""
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


def _page(session: Session, **facts: Any) -> str:
    filters = asked(SettlementFilters)
    month = filters["month"] or last_month()
    rows = _rows(session, filters)
    return page(
        session,
        "admin/meals/settlement/list.html",
        settlements=rows,
        filters=filters,
        asked_for=in_address(filters),
        month=month,
        stages=[(one.value, word("settlement_stage", one)) for one in SettlementStage],
        waiting=_waiting(session, month),
        drawn=sum(row.month == month for row in rows),
        a_slice=service.A_SLICE,
        opens_on=service.draws_up_from(session, month),
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


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
