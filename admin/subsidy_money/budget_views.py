"""Budgets: what there is, what is held and paid, what the year will come to, and every change."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_money.forms import BudgetFilters, ChangeForm, DecisionForm, in_fen
from admin.subsidy_money.reading import APPROVE, BUDGET, SEE, prefixes_of, step
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.subsidies.budgets import queries, service
from server.subsidies.budgets.rules import forecast
from server.web.access import reads, submits

blueprint = Blueprint(
    "subsidy_budgets", __name__, url_prefix="/subsidies/budgets", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_budgets(*, session: Session) -> str:
    """The year's budgets with their bars, and a form for a change."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_budgets(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Budget line"), _("Year"), _("Division"), _("Budget (yuan)"),
                _("Reserved (yuan)"), _("Paid (yuan)"), _("Left (yuan)"),
                _("Months paid"), _("Forecast for the year (yuan)")]  # fmt: skip
    rows, months = _rows(session)
    cells = (
        [row.line, row.year, row.division_name, in_yuan(row.amount_fen),
         in_yuan(row.reserved_fen), in_yuan(row.paid_fen),
         in_yuan(row.amount_fen - row.reserved_fen - row.paid_fen), months.get(row.id, 0),
         in_yuan(expected(row, months))]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Budgets of subsidies"), headings, cells)


@blueprint.get("/<int:budget_id>")
@reads(SEE)
def show_budget(*, budget_id: int, session: Session) -> str:
    """One budget with every change, who asked and who decided."""
    return _one(session, budget_id)


@blueprint.get(f"/<int:budget_id>/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_changes(*, budget_id: int, ending: str, session: Session) -> Response:
    """Every change as a file."""
    queries.get_budget(session, prefixes_of(session), budget_id)
    headings = [_("Amount (yuan)"), _("Document with its number"), _("Day of the document"),
                _("Words"), _("State"), _("Asked by"), _("Asked at"), _("Decided by"),
                _("Decided at"), _("Answer")]  # fmt: skip
    cells = (
        [in_yuan(row.delta_fen), row.document, row.holds_on, row.words,
         word("change_state", row.state), row.asker, row.asked_at, row.decider, row.decided_at,
         row.answer]
        for row in queries.list_changes(session, budget_id)
    )  # fmt: skip
    return export(ending, _("Changes of a budget"), headings, cells)


@blueprint.post("")
@submits(BUDGET)
def ask_change(*, session: Session) -> Any:
    """Raise or lower a budget by a document; another person decides."""
    values, errors = submitted(ChangeForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    if not any(values["division_code"].startswith(one) for one in prefixes_of(session, BUDGET)):
        raise NotFound()
    values["delta_fen"] = in_fen(values.pop("amount"))
    change = service.ask_change(session, **values)
    return redirect(url_for(".show_budget", budget_id=change.budget_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/changes/<int:budget_change_id>")
@submits(APPROVE)
def decide_change(*, budget_change_id: int, session: Session) -> Any:
    """Accept or refuse what another person asked for."""
    change = queries.get_change(session, prefixes_of(session, APPROVE), budget_change_id)
    return step(
        DecisionForm,
        lambda **values: service.decide_change(session, budget_change_id, **values),
        lambda **facts: _one(session, change.budget_id, **facts),
        url_for(".show_budget", budget_id=change.budget_id),
    )


def expected(row: Row[Any], months: dict[int, int]) -> int | None:
    """Return what a budget's year comes to, None before anything was paid."""
    return forecast(row.reserved_fen + row.paid_fen, months.get(row.id, 0))


def _rows(session: Session) -> tuple[Sequence[Row[Any]], dict[int, int]]:
    filters = asked(BudgetFilters)
    rows = queries.list_budgets(session, prefixes_of(session), **filters)
    return rows, queries.months_paid(session, [row.id for row in rows])


def _page(session: Session, **facts: Any) -> str:
    rows, months = _rows(session)
    return page(
        session,
        "admin/subsidy_money/budgets.html",
        rows=rows,
        months=months,
        expected=expected,
        filters=asked(BudgetFilters),
        lines=queries.list_lines(session),
        division=next(iter(prefixes_of(session)), ""),
        may_ask=may(actor_of(session), BUDGET),
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _one(session: Session, budget_id: int, **facts: Any) -> str:
    row = queries.get_budget(session, prefixes_of(session), budget_id)
    months = queries.months_paid(session, [budget_id])
    return page(
        session,
        "admin/subsidy_money/budget.html",
        row=row,
        months=months,
        expected=expected(row, months),
        changes=queries.list_changes(session, budget_id),
        may_decide=may(actor_of(session), APPROVE),
        own_id=actor_of(session).staff_id,
        **facts,
    )
