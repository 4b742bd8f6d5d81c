"""One batch: control totals, its payments, the file for the bank, and what the bank answers."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, MIMETYPES, XLSX, download, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_money.batch_views import open_of, shown_name
from admin.subsidy_money.forms import (
    FileForm,
    OpeningForm,
    PaymentFilters,
    ReturnForm,
    StatementForm,
    WordsForm,
    in_fen,
)
from admin.subsidy_money.reading import CHECK_BATCH, PAY, SEE, NoForm, pairs, prefixes_of, step
from admin.subsidy_money.road import road_of
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.intake.errors import TableTooLarge, TableUnreadable
from server.subsidies.payments import confirming, failures, filing, queries, returning, steps
from server.subsidies.payments.layouts import layouts
from server.subsidies.payments.models import PaymentState, SubsidyBatch
from server.subsidies.payments.queries import PaymentWanted
from server.subsidies.payments.rules import number_of
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_batch", __name__, url_prefix="/subsidies/batches", template_folder="templates"
)
LARGEST_RETURN = 20 * 1024 * 1024
FAULTS_SHOWN = 200


def let_returns_in() -> None:
    """Let a bank's answer be as large as one about a whole city."""
    if request.endpoint == "subsidy_batch.take_return":
        request.max_content_length = LARGEST_RETURN


@blueprint.get("/<int:batch_id>")
@reads(SEE)
def show_batch(*, batch_id: int, session: Session) -> str:
    """What it comes to, where it stands, and its payments."""
    return _page(session, batch_id)


@blueprint.get(f"/<int:batch_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_payments(*, batch_id: int, ending: str, session: Session) -> Response:
    """Every payment as a file; names of people masked, accounts by their last digits."""
    queries.get_batch(session, prefixes_of(session), batch_id)
    wanted = PaymentWanted(**asked(PaymentFilters))
    headings = [_("Payment number"), _("Kind of payee"), _("Payee"), _("Bank"), _("Account"),
                _("Gross (yuan)"), _("Netted (yuan)"), _("Amount (yuan)"), _("State"),
                _("On"), _("Code"), _("Reason"), _("Tried before as"), _("In batch"),
                _("Why it failed"), _("Answer confirmed by")]  # fmt: skip
    tried = failures.list_tried_before(session, batch_id, limit=None)
    last = {one.id: one for one in reversed(tried)}
    cells = (
        [number_of(one.id), word("payee_kind", one.payee_kind), shown_name(one), one.bank,
         f"****{one.last_four}", in_yuan(one.gross_fen), in_yuan(one.netted_fen),
         in_yuan(one.amount_fen), word("payment_state", one.state), one.settled_on, one.code,
         one.reason, *_tried(last.get(one.id))]
        for one in queries.list_payments(session, batch_id, wanted, limit=None)
    )  # fmt: skip
    return export(ending, f"{_('Payments of a batch')}-{batch_id}", headings, cells)


@blueprint.post("/<int:batch_id>/check")
@submits(CHECK_BATCH)
def check(*, batch_id: int, session: Session) -> Any:
    """Another person finds count, sum and digest right."""
    return _step(session, batch_id, CHECK_BATCH, NoForm, steps.check)


@blueprint.post("/<int:batch_id>/cancellation")
@submits(PAY)
def cancel(*, batch_id: int, session: Session) -> Any:
    """Given up before it is sent."""
    return _step(session, batch_id, PAY, WordsForm, steps.cancel)


@blueprint.post("/<int:batch_id>/file")
@submits(PAY)
def make_file(*, batch_id: int, session: Session) -> Any:
    """Write the file in a bank's form, once."""
    return _step(session, batch_id, PAY, FileForm, filing.make_file)


@blueprint.post("/<int:batch_id>/file/openings")
@submits(PAY)
def open_file(*, batch_id: int, session: Session) -> Any:
    """Take the file out: it holds whole account numbers, and who took it is written down."""
    queries.get_batch(session, prefixes_of(session, PAY), batch_id)
    values, errors = submitted(OpeningForm)
    if errors:
        return _page(session, batch_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    file, content = filing.open_file(session, batch_id, **values)
    name = f"{_('Bank file')}-{batch_id}.{file.ending}"
    return download(content, MIMETYPES[file.ending], name, plain=f"batch-{batch_id}.{file.ending}")


@blueprint.post("/<int:batch_id>/sending")
@submits(PAY)
def send(*, batch_id: int, session: Session) -> Any:
    """The file went to the bank; nothing is taken back from here on."""
    return _step(session, batch_id, PAY, NoForm, steps.send)


@blueprint.post("/<int:batch_id>/returns")
@submits(PAY)
def take_return(*, batch_id: int, session: Session) -> Any:
    """Take in what the bank answers, whole or not at all."""
    queries.get_batch(session, prefixes_of(session, PAY), batch_id)
    values, errors = submitted(ReturnForm)
    if errors:
        return _page(session, batch_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        name, content = _sent()
        told = returning.import_return(session, batch_id, content, file_name=name, **values)
    except DomainError as refusal:
        return _page(session, batch_id, refusal=refusal), STATUS[refusal.kind]
    if told.faults:
        return _page(session, batch_id, unfit=told.faults), HTTPStatus.UNPROCESSABLE_ENTITY
    known = "true" if told.is_known else None
    there = url_for(".show_batch", batch_id=batch_id, known=known)
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:batch_id>/returns/<int:bank_return_id>/confirmation")
@submits(CHECK_BATCH)
def confirm_return(*, batch_id: int, bank_return_id: int, session: Session) -> Any:
    """Another person finds that the bank did say what failed; it may be paid again then."""

    def confirm(session: Session, batch_id: int) -> None:
        failures.check_is_of_batch(session, batch_id, bank_return_id)
        confirming.confirm_return(session, bank_return_id)

    return _step(session, batch_id, CHECK_BATCH, NoForm, confirm)


@blueprint.post("/<int:batch_id>/reconciliation")
@submits(PAY)
def reconcile(*, batch_id: int, session: Session) -> Any:
    """Close it where the bank's statement is what was paid, to the fen."""
    return _step(session, batch_id, PAY, StatementForm, _reconcile)


def _reconcile(session: Session, batch_id: int, *, amount: Any) -> SubsidyBatch:
    return steps.reconcile(session, batch_id, statement_fen=in_fen(amount))


def _sent() -> tuple[str, bytes]:
    sent = request.files.get("answer")
    if sent is None or set(request.files) != {"answer"}:
        raise TableUnreadable()
    content = sent.read(LARGEST_RETURN + 1)
    if len(content) > LARGEST_RETURN:
        raise TableTooLarge(megabytes=LARGEST_RETURN // (1024 * 1024))
    return sent.filename or "-", content


def _step(
    session: Session,
    batch_id: int,
    permission: str,
    form: type[ma.Schema],
    do: Callable[..., object],
) -> Any:
    queries.get_batch(session, prefixes_of(session, permission), batch_id)
    return step(
        form,
        lambda **values: do(session, batch_id, **values),
        lambda **facts: _page(session, batch_id, **facts),
        url_for(".show_batch", batch_id=batch_id),
    )


def _page(session: Session, batch_id: int, **facts: Any) -> str:
    batch = queries.get_batch(session, prefixes_of(session), batch_id)
    filters = asked(PaymentFiltersOfPage)
    is_known = filters.pop("known")
    wanted = PaymentWanted(**filters)
    file, actor = queries.find_file(session, batch_id), actor_of(session)
    returns = queries.list_returns(session, batch_id)
    waiting = [one for one in returns if failures.is_waiting(one)]
    return page(
        session,
        "admin/subsidy_money/batch.html",
        batch=batch,
        way=road_of(batch, returns, has_file=file is not None, open_fen=open_of(batch)),
        open_fen=open_of(batch),
        is_as_sealed=steps.is_as_sealed(session, batch_id, batch.digest),
        payments=queries.list_payments(session, batch_id, wanted),
        fitting=queries.count_payments(session, batch_id, wanted),
        wanted=wanted,
        states=pairs("payment_state", PaymentState),
        reasons=queries.reasons_of(session, batch_id),
        file=file,
        openings=queries.list_openings(session, file.id) if file else [],
        returns=returns,
        waiting=waiting,
        named=failures.list_named(session, waiting[0].id) if waiting else [],
        tried=failures.list_tried_before(session, batch_id),
        took_it_in=bool(waiting) and actor.staff_id == waiting[0].imported_by,
        layouts=_layouts(),
        is_known=is_known,
        faults_shown=FAULTS_SHOWN,
        number_of=number_of,
        shown_name=shown_name,
        may_pay=may(actor, PAY),
        may_check=may(actor, CHECK_BATCH),
        is_own=actor.staff_id == batch.made_by,
        as_of=clock.now(),
        **facts,
    )


class PaymentFiltersOfPage(PaymentFilters):
    """`known` says that a file was taken before."""

    known = ma.fields.Boolean(load_default=False)


def _tried(last: Row[Any] | None) -> list[Any]:
    """Cells about the latest try before, empty for a payment that is the first of its lines."""
    if last is None:
        return ["", "", "", ""]
    why = f"{last.then_code} {last.then_reason}".strip()
    return [number_of(last.then_id), last.then_batch_id, why, last.confirmer]


def _layouts() -> list[tuple[str, str]]:
    is_chinese = current_language().startswith("zh")
    return [(code, one.name.zh if is_chinese else one.name.en) for code, one in layouts().items()]
