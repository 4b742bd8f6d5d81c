"""What a site was paid, line by line; and the accounts that sites are paid to."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_money.forms import AccountForm, ReceivedFilters, YesOrNoForm
from admin.subsidy_money.reading import CHECK, CLAIM, named, sites_of, step
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.subsidies.payments import accounts, queries
from server.subsidies.payments.rules import number_of
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidies_received", __name__, url_prefix="/subsidies/received", template_folder="templates"
)
account_blueprint = Blueprint(
    "subsidy_accounts", __name__, url_prefix="/subsidies/accounts", template_folder="templates"
)


@blueprint.get("")
@reads(CLAIM)
def list_received(*, session: Session) -> str:
    """What one's own sites were sent, the latest first, and the account it goes to."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(CLAIM)
def export_received(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Site"), _("Budget line"), _("Sent at"), _("Payment number"),
                _("Gross (yuan)"), _("Netted (yuan)"), _("Amount (yuan)"), _("State"), _("On"),
                _("Reason")]  # fmt: skip
    rows = queries.list_received(session, sites_of(session, CLAIM), **asked(ReceivedFilters))
    cells = (
        [row.site_name, row.line, row.sent_at, number_of(row.id), in_yuan(row.gross_fen),
         in_yuan(row.netted_fen), in_yuan(row.amount_fen), word("payment_state", row.state),
         row.settled_on, row.reason]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Subsidies received"), headings, cells)


@blueprint.get("/<int:received_id>")
@reads(CLAIM)
def show_received(*, received_id: int, session: Session) -> str:
    """One payment with the lines that it is for."""
    payment = queries.get_received(session, sites_of(session, CLAIM), received_id)
    return page(
        session,
        "admin/subsidy_money/received_one.html",
        payment=payment,
        lines=queries.list_lines(session, received_id),
        number_of=number_of,
        named=named,
        reader=current_language(),
    )


@blueprint.get(f"/<int:received_id>/export.<any({CSV}, {XLSX}):ending>")
@reads(CLAIM)
def export_received_lines(*, received_id: int, ending: str, session: Session) -> Response:
    """The lines of a payment as a file."""
    queries.get_received(session, sites_of(session, CLAIM), received_id)
    headings = [_("Programme"), _("Month"), _("Who it is about"), _("Amount (yuan)")]
    cells = (
        [named(row, current_language()), f"{row.month:%Y-%m}", who(row), in_yuan(row.amount_fen)]
        for row in queries.list_lines(session, received_id)
    )
    return export(ending, number_of(received_id), headings, cells)


@blueprint.post("/accounts")
@submits(CLAIM)
def tell_account(*, session: Session) -> Any:
    """Tell where one's own site is to be paid; another person confirms it."""
    values, errors = submitted(AccountForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    site_id = values.pop("site")
    if site_id not in [one.id for one in accounts.list_sites(session, sites_of(session, CLAIM))]:
        raise NotFound()
    try:
        accounts.tell_account(session, site_id, **values)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_received"), HTTPStatus.SEE_OTHER)


@account_blueprint.get("")
@reads(CHECK)
def list_accounts(*, session: Session) -> str:
    """Accounts of sites, those that wait first."""
    return _accounts_page(session)


@account_blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(CHECK)
def export_accounts(*, ending: str, session: Session) -> Response:
    """The same as a file; accounts by their last digits."""
    headings = [_("Site"), _("Bank"), _("Account"), _("Holder"), _("From"), _("State"),
                _("Asked by"), _("Decided by")]  # fmt: skip
    cells = (
        [row.site_name, row.bank, f"****{row.last_four}", row.holder_name, row.starts_on,
         word("change_state", row.state), row.asker, row.decider]
        for row in accounts.list_accounts(session, sites_of(session, CHECK))
    )  # fmt: skip
    return export(ending, _("Accounts of sites"), headings, cells)


@account_blueprint.post("/<int:site_account_id>/decision")
@submits(CHECK)
def decide_account(*, site_account_id: int, session: Session) -> Any:
    """Confirm or refuse an account that another person told."""
    accounts.find_account(session, sites_of(session, CHECK), site_account_id)
    return step(
        YesOrNoForm,
        lambda **values: accounts.decide_account(session, site_account_id, **values),
        lambda **facts: _accounts_page(session, **facts),
        url_for(".list_accounts"),
    )


def who(row: Any) -> str:
    """Return whom a line is about, masked, where the site may know them."""
    return masking.name(row.resident_name) if row.resident_name else ""


def _page(session: Session, **facts: Any) -> str:
    own, filters = sites_of(session, CLAIM), asked(ReceivedFilters)
    return page(
        session,
        "admin/subsidy_money/received.html",
        rows=queries.list_received(session, own, **filters),
        accounts=accounts.list_accounts(session, own),
        sites=[(str(one.id), one.name) for one in accounts.list_sites(session, own)],
        filters=filters,
        number_of=number_of,
        named=named,
        reader=current_language(),
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _accounts_page(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/subsidy_money/accounts.html",
        rows=accounts.list_accounts(session, sites_of(session, CHECK)),
        own_id=actor_of(session).staff_id,
        as_of=clock.now(),
        **facts,
    )
