"""The wallet of one elder at the counter: money in, money back, and what became of it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.wallets.forms import (
    KeyForm,
    PersonArgs,
    TakeBackForm,
    TopUpForm,
    WalletDecisionForm,
)
from admin.wallets.reading import (
    DECIDE,
    KEEP,
    SEE,
    a_new_key,
    called,
    canteen_of,
    rights,
    wallet_of,
)
from admin.words import word
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.meals.wallets import by_phone, keeping, queries
from server.meals.wallets.rules import may_be_taken_back, receipt_number
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

QUICK_YUAN = (50, 100, 200)
blueprint = Blueprint("wallet", __name__, url_prefix="/meals/wallets", template_folder="templates")


@blueprint.get("/<int:canteen_id>/diners/<int:resident_id>")
@reads(SEE)
def show_wallet(*, canteen_id: int, resident_id: int, session: Session) -> str:
    """What is in the wallet; with an amount chosen, one press notes that it was paid in."""
    return _page(session, canteen_id, resident_id)


@blueprint.get(f"/<int:canteen_id>/diners/<int:resident_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_wallet(*, canteen_id: int, resident_id: int, ending: str, session: Session) -> Response:
    """The statement of the wallet as a file."""
    canteen_of(session, canteen_id, SEE)
    wallet = queries.find_wallet(session, site_id=canteen_id, resident_id=resident_id)
    if wallet is None:
        raise NotFound()
    headings = [_("Receipt"), _("Time"), _("What"), _("Meal"), _("Yuan"), _("Left, yuan")]
    cells = (
        [
            receipt_number(one.site_id, one.made_on, one.id),
            one.made_at,
            word("wallet_move", one.move),
            word("meal", one.meal) if one.meal else "",
            in_yuan(one.amount_fen),
            in_yuan(one.balance_fen),
        ]
        for one in queries.list_statement(session, wallet.id)
    )
    return export(ending, _("Wallet of {name}", name=called(session, wallet.name)), headings, cells)


@blueprint.post("/<int:canteen_id>/diners/<int:resident_id>/top-up")
@submits(KEEP)
def top_up(*, canteen_id: int, resident_id: int, session: Session) -> Any:
    """Note cash that was paid in, and show the receipt."""

    def do(values: dict[str, Any]) -> Any:
        return keeping.top_up(session, site_id=canteen_id, resident_id=resident_id, **values)

    return _submitted(session, canteen_id, resident_id, TopUpForm, do)


@blueprint.post("/<int:canteen_id>/diners/<int:resident_id>/refund")
@submits(KEEP)
def refund(*, canteen_id: int, resident_id: int, session: Session) -> Any:
    """Note that all of it was given back in cash, and show the receipt."""

    def do(values: dict[str, Any]) -> Any:
        wallet = queries.find_wallet(session, site_id=canteen_id, resident_id=resident_id)
        if wallet is None:
            raise NotFound()
        return keeping.refund(session, wallet.id, key=values["key"])

    return _submitted(session, canteen_id, resident_id, KeyForm, do)


@blueprint.post("/<int:canteen_id>/diners/<int:resident_id>/refund-by-phone")
@submits(KEEP)
def refund_by_phone(*, canteen_id: int, resident_id: int, session: Session) -> Any:
    """Give back what came by phone the same way, and note that the rest was given in cash."""

    def do(values: dict[str, Any]) -> Any:
        wallet = queries.find_wallet(session, site_id=canteen_id, resident_id=resident_id)
        if wallet is None:
            raise NotFound()
        return by_phone.refund_by_provider(session, wallet.id, key=values["key"])

    return _submitted(session, canteen_id, resident_id, KeyForm, do)


@blueprint.get("/lines/<int:line_id>")
@reads(SEE)
def show_receipt(*, line_id: int, session: Session) -> str:
    """The receipt of a line, to be printed."""
    entry = queries.get_entry(session, line_id)
    wallet = wallet_of(session, entry.wallet_id, SEE)
    return page(
        session,
        "admin/wallets/receipt.html",
        entry=entry,
        wallet=wallet,
        number=receipt_number(entry.site_id, entry.made_on, line_id),
        is_reversed=queries.is_reversed(session, line_id),
        may_be_taken_back=may_be_taken_back(entry.move, entry.via),
        **rights(session),
    )


@blueprint.post("/lines/<int:line_id>/reversal")
@submits(KEEP)
def ask_for_reversal(*, line_id: int, session: Session) -> Any:
    """Ask that a line be taken back."""
    entry = queries.get_entry(session, line_id)
    wallet = wallet_of(session, entry.wallet_id, KEEP)
    values, errors = submitted(TakeBackForm)
    there = (wallet.site_id, wallet.resident_id)
    if errors:
        return _page(session, *there, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        keeping.ask_for_reversal(session, line_id, **values)
    except DomainError as refusal:
        return _page(session, *there, refusal=refusal), STATUS[refusal.kind]
    return redirect(
        url_for("wallets.show_canteen", canteen_id=wallet.site_id), HTTPStatus.SEE_OTHER
    )


@blueprint.post("/requests/<int:request_id>/decision")
@submits(DECIDE)
def decide(*, request_id: int, session: Session) -> Any:
    """Take a line back as a second person, or refuse to."""
    wallet = wallet_of(session, queries.get_request(session, request_id).wallet_id, DECIDE)
    values, errors = submitted(WalletDecisionForm)
    there = (wallet.site_id, wallet.resident_id)
    if errors:
        return _page(session, *there, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        keeping.decide_reversal(session, request_id, **values)
    except DomainError as refusal:
        return _page(session, *there, refusal=refusal), STATUS[refusal.kind]
    return redirect(
        url_for("wallets.show_canteen", canteen_id=wallet.site_id), HTTPStatus.SEE_OTHER
    )


def _back_to(canteen_id: int) -> Any:
    return redirect(url_for("wallets.show_canteen", canteen_id=canteen_id), HTTPStatus.SEE_OTHER)


def _submitted(
    session: Session,
    canteen_id: int,
    resident_id: int,
    form: type[ma.Schema],
    do: Callable[[dict[str, Any]], Any],
) -> Any:
    """Do what the form says and show its receipt, or the page again with what is wrong."""
    canteen_of(session, canteen_id, KEEP)
    values, errors = submitted(form)
    if errors:
        again = _page(session, canteen_id, resident_id, errors=errors)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        entry = do(values)
    except DomainError as refusal:
        again = _page(session, canteen_id, resident_id, refusal=refusal)
        return again, STATUS[refusal.kind]
    there = url_for("wallet.show_receipt", line_id=entry.id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, canteen_id: int, resident_id: int, **given: Any) -> str:
    canteen = canteen_of(session, canteen_id, SEE)
    wallet = queries.find_wallet(session, site_id=canteen_id, resident_id=resident_id)
    who = wallet if wallet else queries.get_diner(session, canteen_id, resident_id)
    amount_fen = asked(PersonArgs)["amount"] if request.method == "GET" else None
    return page(
        session,
        "admin/wallets/wallet.html",
        canteen=canteen,
        resident_id=resident_id,
        name=who.name,
        wallet=wallet,
        by_phone_fen=by_phone.refundable_fen(session, wallet) if wallet else 0,
        statement=queries.list_statement(session, wallet.id, at_most=50) if wallet else (),
        amount_fen=amount_fen,
        quick=[yuan * 100 for yuan in QUICK_YUAN],
        key=a_new_key(),
        **rights(session),
        **given,
    )
