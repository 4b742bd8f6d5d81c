"""日清日结: the cash of a canteen's counter on a day, and the count at its end."""

from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.wallets.forms import CountForm, DayArgs, SupplementForm
from admin.wallets.reading import KEEP, SEE, called, canteen_of, rights
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.meals.wallets.cash_queries import expected_cash, list_cash, list_counts
from server.meals.wallets.counting import count_cash
from server.meals.wallets.late_cash import enter_late, late_fen, list_late
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("cash", __name__, url_prefix="/meals/cash", template_folder="templates")


@blueprint.get("/<int:canteen_id>")
@reads(SEE)
def show_day(*, canteen_id: int, session: Session) -> str:
    """What was taken and paid out in cash on a day, by whom, and what was counted."""
    return _page(session, canteen_id, asked(DayArgs)["day"] or clock.today())


@blueprint.get(f"/<int:canteen_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_day(*, canteen_id: int, ending: str, session: Session) -> Response:
    """The same as a file."""
    canteen = canteen_of(session, canteen_id, SEE)
    day = asked(DayArgs)["day"] or clock.today()
    headings = [_("Time"), _("What"), _("Name"), _("Yuan"), _("By whom")]
    cells = (
        [
            row.at,
            word("cash_line", row.what),
            called(session, row.name),
            in_yuan(row.amount_fen),
            row.by_name,
        ]
        for row in list_cash(session, canteen_id, day)
    )
    return export(ending, _("Cash of {name}", name=f"{canteen.name}-{day}"), headings, cells)


@blueprint.post("/<int:canteen_id>/count")
@submits(KEEP)
def count(*, canteen_id: int, session: Session) -> Any:
    """Note what was counted in the drawer."""
    canteen_of(session, canteen_id, KEEP)
    values, errors = submitted(CountForm)
    if errors:
        again = _page(session, canteen_id, clock.today(), errors=errors)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        count_cash(session, canteen_id, **values)
    except DomainError as refusal:
        return _page(session, canteen_id, values["day"], refusal=refusal), STATUS[refusal.kind]
    there = url_for("cash.show_day", canteen_id=canteen_id, day=values["day"])
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:canteen_id>/supplement")
@submits(KEEP)
def supplement(*, canteen_id: int, session: Session) -> Any:
    """Enter cash that was told after the day was closed; its sheet stays as it was counted."""
    canteen_of(session, canteen_id, KEEP)
    values, errors = submitted(SupplementForm)
    if errors:
        again = _page(session, canteen_id, clock.today(), errors=errors)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        enter_late(session, canteen_id, values["day"])
    except DomainError as refusal:
        return _page(session, canteen_id, values["day"], refusal=refusal), STATUS[refusal.kind]
    there = url_for("cash.show_day", canteen_id=canteen_id, day=values["day"])
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, canteen_id: int, day: date, **given: Any) -> str:
    rows = list_cash(session, canteen_id, day)
    by_who = sorted(rows, key=lambda row: row.by_name or "")
    sums = groupby(by_who, key=lambda row: row.by_name)
    return page(
        session,
        "admin/wallets/cash.html",
        canteen=canteen_of(session, canteen_id, SEE),
        day=day,
        today=clock.today(),
        rows=rows,
        expected_fen=expected_cash(session, canteen_id, day),
        by_person=[(name, sum(one.amount_fen for one in lines)) for name, lines in sums],
        counts=list_counts(session, canteen_id, day),
        late=list_late(session, canteen_id, day),
        late_fen=late_fen(session, canteen_id, day),
        **rights(session),
        **given,
    )
