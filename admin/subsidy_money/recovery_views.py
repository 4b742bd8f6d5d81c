"""What is owed back, by whom, and what two people decide about it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_money.batch_views import shown_name
from admin.subsidy_money.forms import (
    DefermentForm,
    ReceiptForm,
    RecoveryFilters,
    TakeBackForm,
    WriteOffForm,
    YesOrNoForm,
    in_fen,
)
from admin.subsidy_money.reading import (
    APPROVE,
    BUDGET,
    PAY,
    SEE,
    named,
    pairs,
    prefixes_of,
    step,
)
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.policies.programmes.terms import Beneficiary
from server.subsidies.payments.rules import number_of
from server.subsidies.recoveries import queries, settling
from server.subsidies.recoveries.owing import take_back_of_finding
from server.subsidies.recoveries.queries import RecoveryWanted
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_recoveries", __name__, url_prefix="/subsidies/recoveries", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_recoveries(*, session: Session) -> str:
    """Who owes most comes first."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_recoveries(*, ending: str, session: Session) -> Response:
    """The same as a file; names of people masked."""
    headings = [_("Number"), _("Kind of payee"), _("Payee"), _("Programme"), _("Why owed"),
                _("Owed (yuan)"), _("Netted (yuan)"), _("Received (yuan)"),
                _("Written off (yuan)"), _("Left (yuan)"), _("Put off until")]  # fmt: skip
    wanted = RecoveryWanted(**asked(RecoveryFilters))
    cells = (
        [row.id, word("payee_kind", row.payee_kind), shown_name(row),
         named(row, current_language()), word("recovery_reason", row.reason),
         in_yuan(row.amount_fen), in_yuan(row.netted_fen),
         in_yuan(row.received_fen), in_yuan(row.written_off_fen), in_yuan(row.left_fen),
         row.deferred_until]
        for row in queries.list_recoveries(session, prefixes_of(session), wanted)
    )  # fmt: skip
    return export(ending, _("Recoveries"), headings, cells)


@blueprint.get("/<int:recovery_id>")
@reads(SEE)
def show_recovery(*, recovery_id: int, session: Session) -> str:
    """One, with everything that was paid back or decided."""
    return _one(session, recovery_id)


@blueprint.get(f"/<int:recovery_id>/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_entries(*, recovery_id: int, ending: str, session: Session) -> Response:
    """What was paid back, as a file."""
    queries.get_recovery(session, prefixes_of(session), recovery_id)
    headings = [_("On"), _("How"), _("Amount (yuan)"), _("Payment number"), _("Receipt"),
                _("Entered by")]  # fmt: skip
    cells = (
        [row.on_day, word("recovery_entry", row.kind), in_yuan(row.amount_fen),
         number_of(row.payment_id) if row.payment_id else "", row.receipt, row.staff_name]
        for row in queries.list_entries(session, recovery_id)
    )  # fmt: skip
    return export(ending, f"{_('Recovery')}-{recovery_id}", headings, cells)


@blueprint.post("")
@submits(BUDGET)
def take_back(*, session: Session) -> Any:
    """Let a line be owed back, since a finding about it is true."""
    values, errors = submitted(TakeBackForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        number = take_back_of_finding(
            session,
            finding_id=values["finding"],
            run_id=values["run"],
            number=values["line"],
            fen=in_fen(values["amount"]),
            words=values["words"],
        )
        queries.get_recovery(session, prefixes_of(session, BUDGET), number)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_recovery", recovery_id=number), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:recovery_id>/receipts")
@submits(PAY)
def receive(*, recovery_id: int, session: Session) -> Any:
    """Enter money that came back by transfer."""
    return _step(session, recovery_id, PAY, ReceiptForm, settling.receive)


@blueprint.post("/<int:recovery_id>/deferments")
@submits(BUDGET)
def ask_deferment(*, recovery_id: int, session: Session) -> Any:
    """Ask that nothing be taken before a day."""
    return _step(session, recovery_id, BUDGET, DefermentForm, settling.ask_deferment)


@blueprint.post("/<int:recovery_id>/write-offs")
@submits(BUDGET)
def ask_write_off(*, recovery_id: int, session: Session) -> Any:
    """Ask that so much be given up."""
    return _step(session, recovery_id, BUDGET, WriteOffForm, settling.ask_write_off)


@blueprint.post("/<int:recovery_id>/decisions/<int:recovery_decision_id>")
@submits(APPROVE)
def decide(*, recovery_id: int, recovery_decision_id: int, session: Session) -> Any:
    """Accept or refuse what another person asked for."""
    queries.get_recovery(session, prefixes_of(session, APPROVE), recovery_id)
    asked_for = {row.id for row in queries.list_decisions(session, recovery_id)}
    if recovery_decision_id not in asked_for:
        raise NotFound()
    return step(
        YesOrNoForm,
        lambda **values: settling.decide(session, recovery_decision_id, **values),
        lambda **facts: _one(session, recovery_id, **facts),
        url_for(".show_recovery", recovery_id=recovery_id),
    )


def _step(
    session: Session,
    recovery_id: int,
    permission: str,
    form: type[ma.Schema],
    do: Callable[..., object],
) -> Any:
    queries.get_recovery(session, prefixes_of(session, permission), recovery_id)

    def put(**values: Any) -> None:
        if "amount" in values:
            values["fen"] = in_fen(values.pop("amount"))
        do(session, recovery_id, **values)

    return step(
        form,
        put,
        lambda **facts: _one(session, recovery_id, **facts),
        url_for(".show_recovery", recovery_id=recovery_id),
    )


def _page(session: Session, **facts: Any) -> str:
    wanted = RecoveryWanted(**asked(RecoveryFilters))
    return page(
        session,
        "admin/subsidy_money/recoveries.html",
        rows=queries.list_recoveries(session, prefixes_of(session), wanted),
        sums=queries.sum_by_payee(session, prefixes_of(session)),
        wanted=wanted,
        kinds=pairs("payee_kind", Beneficiary),
        shown_name=shown_name,
        may_take_back=may(actor_of(session), BUDGET),
        as_of=clock.now(),
        **facts,
    )


def _one(session: Session, recovery_id: int, **facts: Any) -> str:
    actor = actor_of(session)
    return page(
        session,
        "admin/subsidy_money/recovery.html",
        row=queries.get_recovery(session, prefixes_of(session), recovery_id),
        entries=queries.list_entries(session, recovery_id),
        decisions=queries.list_decisions(session, recovery_id),
        number_of=number_of,
        named=named,
        reader=current_language(),
        shown_name=shown_name,
        own_id=actor.staff_id,
        may_pay=may(actor, PAY),
        may_ask=may(actor, BUDGET),
        may_decide=may(actor, APPROVE),
        today=clock.today(),
        **facts,
    )
