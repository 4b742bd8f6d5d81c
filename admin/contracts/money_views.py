"""合同与费用 of a stay: agreed, received, billed, settled; the bill as it is printed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.contracts.forms import BillForm, ContractForm, NoForm, ReceiptForm
from admin.contracts.movements import is_correction, movements_of
from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.pages import page
from admin.words import word
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.contracts import queries, service, settling
from server.facilities.contracts.correcting import correct_stay_of
from server.facilities.contracts.models import BillCorrection
from server.facilities.models import Stay, StayStatus
from server.facilities.queries.stays import get_stay
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.ledger.queries import list_entries
from server.providers.queries import get_site
from server.residents.queries import find_resident_names
from server.web.access import reads, submits
from server.web.problems import STATUS

SEE, KEEP = "facilities.see-money", "facilities.keep-money"
blueprint = Blueprint(
    "stay_money", __name__, url_prefix="/stays/<int:stay_id>/money", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_money(*, stay_id: int, session: Session) -> str:
    """Contract, balances, bills, and what a settlement would come to."""
    return _page(session, stay_id)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_money(*, stay_id: int, ending: str, session: Session) -> Response:
    """Every entry as a file."""
    stay = _stay(session, stay_id, SEE)
    rows = list_entries(session, stay.site_id, queries.subject_of(stay_id))
    headings = [_("Number"), _("Day"), _("What"), _("Account"), _("Yuan")]
    cells = (
        [
            row.posting_id,
            row.posted_on,
            _what(row),
            word("ledger_account_kind", row.account_kind),
            in_yuan(row.amount_fen),
        ]
        for row in rows
    )
    return export(ending, _("Money of stay {number}", number=stay_id), headings, cells)


@blueprint.get("/bills/<int:bill_id>")
@reads(SEE)
def show_bill(*, stay_id: int, bill_id: int, session: Session) -> str:
    """A bill, to be printed."""
    stay = _stay(session, stay_id, SEE)
    bill = queries.get_bill(session, stay_id, bill_id)
    later = [one for one in queries.list_corrections(session, stay_id) if one.month == bill.month]
    return page(
        session,
        "admin/contracts/bill.html",
        bill=bill,
        corrections=later,
        **_heading(session, stay),
    )


@blueprint.get("/corrections/<int:correction_id>")
@reads(SEE)
def show_correction(*, stay_id: int, correction_id: int, session: Session) -> str:
    """A correction of a bill with its nights before and after, to be printed."""
    stay = _stay(session, stay_id, SEE)
    correction = queries.get_correction(session, stay_id, correction_id)
    return page(
        session,
        "admin/contracts/correction.html",
        correction=correction,
        bill=queries.find_bill(session, stay_id, correction.month),
        **_heading(session, stay),
    )


def _agree(session: Session, stay_id: int, values: dict[str, Any]) -> None:
    service.agree(session, stay_id, **values)


def _receive(session: Session, stay_id: int, values: dict[str, Any]) -> None:
    take = service.take_deposit if values.pop("is_deposit") else service.take_payment
    take(session, stay_id, **values)


def _bill(session: Session, stay_id: int, values: dict[str, Any]) -> None:
    service.bill_month(session, stay_id, values["month"])


def _correct(session: Session, stay_id: int, values: dict[str, Any]) -> None:
    correct_stay_of(session, stay_id)


def _settle(session: Session, stay_id: int, values: dict[str, Any]) -> None:
    settling.settle(session, stay_id)


def _submitting(
    form: type[ma.Schema], do: Callable[[Session, int, dict[str, Any]], None]
) -> Callable[..., Any]:
    @submits(KEEP)
    def change(*, stay_id: int, session: Session) -> Any:
        _stay(session, stay_id, KEEP)
        values, errors = submitted(form)
        if errors:
            return _page(session, stay_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            do(session, stay_id, values)
        except DomainError as refusal:
            return _page(session, stay_id, refusal=refusal), STATUS[refusal.kind]
        there = url_for("stay_money.show_money", stay_id=stay_id)
        return redirect(there, HTTPStatus.SEE_OTHER)

    return change


for _name, _form, _do in (
    ("agree", ContractForm, _agree),
    ("receive", ReceiptForm, _receive),
    ("bill", BillForm, _bill),
    ("correct", NoForm, _correct),
    ("settle", NoForm, _settle),
):
    blueprint.add_url_rule(f"/{_name}", _name, _submitting(_form, _do), methods=["POST"])


def _stay(session: Session, stay_id: int, permission: str) -> Stay:
    """Return a stay at a site over which this person's offices hold the permission."""
    stay = get_stay(session, stay_id)
    reach = reach_of(actor_of(session), permission)
    get_site(session, stay.site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    return stay


def _heading(session: Session, stay: Stay) -> dict[str, Any]:
    reach = reach_of(actor_of(session), SEE)
    site = get_site(session, stay.site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    names = find_resident_names(session, [stay.resident_id])
    keeping = reach_of(actor_of(session), KEEP)
    return {
        "stay": stay,
        "site": site,
        "name": names.get(stay.resident_id),
        "may_keep": stay.site_id in keeping.site_ids,
    }


def _page(session: Session, stay_id: int, **given: Any) -> str:
    stay = _stay(session, stay_id, SEE)
    foreseen = settling.foresee_settlement(session, stay)
    unbilled = service.first_unbilled(session, stay)
    facts: dict[str, Any] = {
        "contracts": queries.list_contracts(session, stay_id),
        "bills": queries.list_bills(session, stay_id),
        "corrections": _by_month(queries.list_corrections(session, stay_id)),
        "movements": movements_of(list_entries(session, stay.site_id, queries.subject_of(stay_id))),
        "now": foreseen.now,
        "settlement": foreseen.settlement,
        "due": foreseen.due,
        "unbilled": unbilled,
        "uncovered": service.first_uncovered(session, stay),
        "is_over": stay.status is StayStatus.ENDED,
        "is_settled": settling.is_even(stay, foreseen) and unbilled is None,
        "was_settled": settling.was_settled(session, stay),
        "waits_for_county": settling.is_death_unconfirmed(session, stay),
        "typed": request.form,
    }
    return page(
        session, "admin/contracts/money.html", **_heading(session, stay), **{**facts, **given}
    )


def _what(entry: Row[Any]) -> str:
    if is_correction(entry):
        return _("Correction of a bill")
    return word("posting_kind", entry.posting_kind)


def _by_month(corrections: Sequence[BillCorrection]) -> Mapping[date, Sequence[BillCorrection]]:
    groups = groupby(corrections, key=lambda one: one.month)
    return {month: list(of_month) for month, of_month in groups}
