"""The cashier's desk, and every batch that was made of it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_money.forms import BatchFilters, BatchForm
from admin.subsidy_money.reading import PAY, SEE, named, pairs, prefixes_of
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.subsidies.budgets.queries import get_budget, list_budgets
from server.subsidies.payments import queries
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import BatchState
from server.subsidies.payments.payees import list_payees
from server.subsidies.payments.queries import BatchWanted
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_batches", __name__, url_prefix="/subsidies/batches", template_folder="templates"
)
desk_blueprint = Blueprint(
    "subsidy_desk", __name__, url_prefix="/subsidies/batches", template_folder="templates"
)


@desk_blueprint.get("/desk")
@reads(PAY)
def show_desk(*, session: Session) -> str:
    """What may be paid, by the budget that it draws on; who cannot be paid, and why."""
    return _desk(session)


@desk_blueprint.get(f"/desk/export.<any({CSV}, {XLSX}):ending>")
@reads(PAY)
def export_desk(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Programme"), _("Budget line"), _("From month"), _("Months"), _("Kind of run"),
                _("Lines due"), _("Due (yuan)"), _("In batches (yuan)"), _("Paid (yuan)"),
                _("Not in a batch (yuan)"), _("Taken back (yuan)")]  # fmt: skip
    cells = (
        [named(row, current_language()), row.line, f"{row.first_month:%Y-%m}", row.months,
         word("subsidy_run_kind", row.kind), row.lines, in_yuan(row.due_fen),
         in_yuan(row.open_fen), in_yuan(row.paid_fen),
         in_yuan(row.due_fen - row.open_fen - row.paid_fen), in_yuan(row.back_fen)]
        for row in _to_pay(session)
    )  # fmt: skip
    return export(ending, _("What may be paid"), headings, cells)


@desk_blueprint.get(f"/desk/payees.<any({CSV}, {XLSX}):ending>")
@noted
@reads(PAY)
def export_without(*, ending: str, session: Session) -> Response:
    """Who cannot be paid now, and why; names masked."""
    headings = [_("Kind of payee"), _("Payee"), _("Number"), _("Why"), _("Lines"),
                _("Amount (yuan)")]  # fmt: skip
    cells = (
        [word("payee_kind", one.payee_kind), shown_name(one), one.payee_id,
         word("payee_standing", one.standing), one.lines, in_yuan(one.gross_fen)]
        for one in _without(session, _to_pay(session))
    )  # fmt: skip
    return export(ending, _("Payees who cannot be paid now"), headings, cells)


@blueprint.get("")
@reads(SEE)
def list_batches(*, session: Session) -> str:
    """Batches by state, the latest first."""
    wanted = BatchWanted(**asked(BatchFilters))
    rows = queries.list_batches(session, prefixes_of(session), wanted)
    return page(
        session,
        "admin/subsidy_money/batches.html",
        rows=rows,
        wanted=wanted,
        states=pairs("batch_state", BatchState),
        budgets=[
            (str(one.id), f"{one.year} {one.line} {one.division_name}")
            for one in list_budgets(session, prefixes_of(session))
        ],
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_batches(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Batch"), _("Budget line"), _("Year"), _("State"), _("Payments"),
                _("Gross (yuan)"), _("Netted (yuan)"), _("Total (yuan)"), _("Paid (yuan)"),
                _("Failed (yuan)"), _("With the bank (yuan)"), _("Made by"), _("Made at"),
                _("Checked by"), _("Checked at"), _("Sent at"),
                _("An answer waits to be confirmed")]  # fmt: skip
    rows = queries.list_batches(session, prefixes_of(session), BatchWanted(**asked(BatchFilters)))
    cells = (
        [row.id, row.line, row.year, word("batch_state", row.state), row.payments,
         in_yuan(row.gross_fen), in_yuan(row.netted_fen), in_yuan(row.total_fen),
         in_yuan(row.paid_fen), in_yuan(row.failed_fen), in_yuan(open_of(row)), row.maker,
         row.made_at, row.checker, row.checked_at, row.sent_at,
         _("yes") if row.is_unconfirmed else ""]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Payment batches"), headings, cells)


@desk_blueprint.post("")
@submits(PAY)
def make(*, session: Session) -> Any:
    """Make a batch of the runs that were ticked; the budget is reserved with it."""
    values, errors = submitted(BatchForm)
    if errors:
        return _desk(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    get_budget(session, prefixes_of(session, PAY), values["budget_id"])
    if not set(values["run_ids"]) <= {row.id for row in _to_pay(session)}:
        raise NotFound()
    try:
        batch = make_batch(session, **values)
    except DomainError as refusal:
        return _desk(session, refusal=refusal), STATUS[refusal.kind]
    if batch is None:
        return redirect(url_for("subsidy_recoveries.list_recoveries"), HTTPStatus.SEE_OTHER)
    return redirect(url_for("subsidy_batch.show_batch", batch_id=batch.id), HTTPStatus.SEE_OTHER)


def open_of(row: Row[Any]) -> int:
    """Return what the bank has not answered about yet; nothing of a batch that was given up."""
    if row.state == BatchState.CANCELLED:
        return 0
    return int(row.total_fen - row.paid_fen - row.failed_fen)


def shown_name(row: Row[Any]) -> str:
    """Return a payee's name: a site's whole, a person's masked."""
    return str(row.payee_name if row.payee_kind == "site" else masking.name(row.payee_name))


def _to_pay(session: Session) -> Sequence[Row[Any]]:
    year = clock.today().year
    return queries.list_to_pay(session, prefixes_of(session, PAY), year=year)


def _without(session: Session, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    ids = [row.id for row in rows]
    payees = list_payees(session, ids, day=clock.today()) if ids else []
    return [one for one in payees if one.standing != "ready"]


def _desk(session: Session, **facts: Any) -> str:
    rows = _to_pay(session)
    budgets = {one.id: one for one in list_budgets(session, prefixes_of(session, PAY))}
    return page(
        session,
        "admin/subsidy_money/desk.html",
        groups=[
            (budgets.get(number), [row for row in rows if row.budget_id == number])
            for number in dict.fromkeys(row.budget_id for row in rows)
        ],
        without=_without(session, rows),
        batches=queries.list_batches(session, prefixes_of(session, PAY), BatchWanted())[:8],
        named=named,
        reader=current_language(),
        shown_name=shown_name,
        may_pay=may(actor_of(session), PAY),
        as_of=clock.now(),
        **facts,
    )
