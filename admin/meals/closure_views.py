"""停餐: a canteen, or its county, closes a day or a meal of it, and opens it again."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.meals.behalf_forms import ClosureForm
from admin.meals.reading import canteens_of, choose_canteen
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.meals.days.closing import close_day, get_closure, reopen_day
from server.meals.days.queries import list_closures
from server.meals.models import Meal
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "meals_closures", __name__, url_prefix="/meals/closures", template_folder="templates"
)
PERMISSION = "meals.close-day"
LOOKS_BACK = timedelta(days=31)


@blueprint.get("")
@reads(PERMISSION)
def list_closed(*, session: Session) -> str:
    """Days that are closed, or were lately, and the form to close one."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(PERMISSION)
def export_closed(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Canteen"), _("Day"), _("Meal"), _("Reason"), _("Meals called off"),
                _("Open again")]  # fmt: skip
    return export(ending, _("Closed days"), headings, map(_cells, _rows(session)))


@blueprint.post("")
@submits(PERMISSION)
def close(*, session: Session) -> Any:
    """Close a day; everybody who booked is told."""
    canteens = canteens_of(session, PERMISSION)
    values, errors = submitted(ClosureForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    choose_canteen(canteens, values["canteen"])
    try:
        close_day(
            session, canteen_id=values["canteen"], service_on=values["service_on"],
            meal=values["meal"], reason=values["reason"],
        )  # fmt: skip
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_closed"), 303)


@blueprint.post("/<int:closure_id>/reopening")
@submits(PERMISSION)
def reopen(*, closure_id: int, session: Session) -> Any:
    """Serve that day after all."""
    choose_canteen(canteens_of(session, PERMISSION), get_closure(session, closure_id).canteen_id)
    try:
        reopen_day(session, closure_id)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_closed"), 303)


def _rows(session: Session) -> Any:
    ids = [one.id for one in canteens_of(session, PERMISSION)]
    return list_closures(session, ids, since=clock.today() - LOOKS_BACK)


def _page(session: Session, **facts: Any) -> str:
    return page(
        session, "admin/meals/closures.html", rows=_rows(session), today=clock.today(),
        canteens=canteens_of(session, PERMISSION), meals=list(Meal), typed=request.form, **facts,
    )  # fmt: skip


def _cells(row: Row[Any]) -> list[Any]:
    meal = word("meal", row.meal) if row.meal else _("The whole day")
    return [row.canteen_name, row.service_on, meal, row.reason, row.cancelled, row.reopened_at]
