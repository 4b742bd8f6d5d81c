"""合同与费用 of a home: whose contract, bill or settlement is due; bills for everybody."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.contracts.forms import BillForm, NoForm
from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.contracts.billing import bill_everybody, list_without_contract
from server.facilities.contracts.correcting import correct_everybody
from server.facilities.contracts.models import FeeItem
from server.facilities.contracts.queries import find_stay_names, list_bills_of_month
from server.facilities.contracts.rules import A_DAY, first_of
from server.facilities.contracts.standings import (
    MoneyFigure,
    MoneyStanding,
    list_standings,
    sum_standings,
)
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.providers.queries import get_site
from server.web.access import reads, submits
from server.web.blueprints import StrictSchema
from server.web.problems import STATUS

SEE, KEEP = "facilities.see-money", "facilities.keep-money"
ENDS_SOON = timedelta(days=30)
blueprint = Blueprint(
    "site_money", __name__, url_prefix="/money/<int:site_id>", template_folder="templates"
)


def a_count() -> ma.fields.Integer:
    return ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, 100_000))


class StandingArgs(StrictSchema):
    """Which stays are listed: by how their money stands, and by which sum they make."""

    standing = ma.fields.Enum(MoneyStanding, by_value=True, load_default=None)
    figure = ma.fields.Enum(MoneyFigure, by_value=True, load_default=None)


class BilledArgs(StandingArgs):
    """What came of billing a month or of correcting, told once more after going back to the list.

    `month` is the one that was billed: whoever got no bill of it is named.
    """

    billed = a_count()
    corrected = a_count()
    month = ma.fields.Date(format="%Y-%m", load_default=None)


class MonthArgs(StrictSchema):
    """Of which month the bills are."""

    month = ma.fields.Date(format="%Y-%m", load_default=None)


@blueprint.get("")
@reads(SEE)
def show_stays(*, site_id: int, session: Session) -> str:
    """The stays of a home by bed, with what is held, owed and due."""
    return _page(session, site_id, **asked(BilledArgs))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_stays(*, site_id: int, ending: str, session: Session) -> Response:
    """The same as a file."""
    site = _site(session, site_id, SEE)
    rows = list_standings(session, site_id, **asked(StandingArgs))
    headings = [_("Bed"), _("Name"), _("State"), _("Since"), _("Contract until"),
                _("A month, yuan"), _("Last month billed"), _("Paid in advance, yuan"),
                _("Deposits, yuan"), _("Owed, yuan"), _("To be corrected, yuan")]  # fmt: skip
    shown = _keeps(session, site_id)
    name = _("Contracts and money of {site}", site=site.name)
    return export(ending, name, headings, (_cells(row, is_named=shown) for row in rows))


@blueprint.get(f"/bills/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_bills(*, site_id: int, ending: str, session: Session) -> Response:
    """The bills of a month, one a line; last month's unless another is asked for."""
    site = _site(session, site_id, SEE)
    month = asked(MonthArgs)["month"] or _last_month()
    items = [word("fee_item", item) for item in FeeItem]
    headings = [_("Number"), _("Name"), *items, _("In all"), _("Corrected, yuan"), _("Now, yuan")]
    shown = _keeps(session, site_id)
    rows = (
        [
            row.stay_id,
            _named(row.name, is_named=shown),
            *(in_yuan(row.StayBill.item_fen(item)) for item in FeeItem),
            in_yuan(row.StayBill.total_fen),
            in_yuan(row.corrected_fen),
            in_yuan(row.StayBill.total_fen + row.corrected_fen),
        ]
        for row in list_bills_of_month(session, site_id, month)
    )
    name = f"{site.name}-{_('Bill of {month}', month=month.strftime('%Y-%m'))}"
    return export(ending, name, headings, rows)


@blueprint.post("/bills")
@submits(KEEP)
def bill(*, site_id: int, session: Session) -> Any:
    """Bill a month that is over for everybody who has no bill of it yet."""
    _site(session, site_id, KEEP)
    values, errors = submitted(BillForm)
    if errors:
        return _page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        done = bill_everybody(session, site_id, values["month"])
    except DomainError as refusal:
        return _page(session, site_id, refusal=refusal), STATUS[refusal.kind]
    told = {"billed": done.bills, "corrected": done.corrections}
    month = f"{values['month']:%Y-%m}"
    there = url_for("site_money.show_stays", site_id=site_id, month=month, **told)
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/corrections")
@submits(KEEP)
def correct(*, site_id: int, session: Session) -> Any:
    """Correct everybody's bills that come to something else by now."""
    _site(session, site_id, KEEP)
    _values, errors = submitted(NoForm)
    if errors:
        return _page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        done = correct_everybody(session, site_id)
    except DomainError as refusal:
        return _page(session, site_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("site_money.show_stays", site_id=site_id, corrected=done.corrections)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, site_id: int, **given: Any) -> str:
    standing, figure = given.pop("standing", None), given.pop("figure", None)
    month, is_told = given.pop("month", None), given.get("corrected") is not None
    return page(
        session,
        "admin/contracts/stays.html",
        site=_site(session, site_id, SEE),
        rows=list_standings(session, site_id, standing, figure),
        sums=sum_standings(session, site_id),
        left_out=_left_out(session, site_id, month) if is_told else [],
        standing=standing,
        figure=figure,
        narrowed=_narrowed(standing=standing, figure=figure),
        figures=[(one.value, word("money_figure", one)) for one in MoneyFigure],
        standings=[(one.value, word("money_standing", one)) for one in MoneyStanding],
        may_keep=_keeps(session, site_id),
        last_month=_last_month(),
        soon=clock.today() + ENDS_SOON,
        today=clock.today(),
        typed=request.form,
        as_of=clock.now(),
        **given,
    )


def _narrowed(**chosen: StrEnum | None) -> dict[str, str]:
    return {name: one.value for name, one in chosen.items() if one}


def _left_out(
    session: Session, site_id: int, month: date | None
) -> Sequence[tuple[int, str, date]]:
    """(stay, name, first night without a contract) of whoever got no bill, or no correction."""
    found = list_without_contract(session, site_id, month)
    names, shown = find_stay_names(session, list(found)), _keeps(session, site_id)
    return [
        (stay_id, _named(names.get(stay_id), is_named=shown) or "", day)
        for stay_id, day in found.items()
    ]


def _last_month() -> date:
    return first_of(first_of(clock.today()) - A_DAY)


def _site(session: Session, site_id: int, permission: str) -> Row[Any]:
    reach = reach_of(actor_of(session), permission)
    return get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)


def _keeps(session: Session, site_id: int) -> bool:
    return site_id in reach_of(actor_of(session), KEEP).site_ids


def _named(name: str | None, *, is_named: bool) -> str | None:
    return name if is_named or name is None else masking.name(name)


def _cells(row: Row[Any], *, is_named: bool) -> Sequence[Any]:
    return [
        row.label,
        _named(row.name, is_named=is_named),
        word("money_standing", row.standing),
        row.since,
        row.contract_until - A_DAY if row.contract_until else None,
        in_yuan(row.month_fen),
        f"{row.billed_month:%Y-%m}" if row.billed_month else None,
        in_yuan(row.prepaid_fen),
        in_yuan(row.deposit_fen),
        in_yuan(row.owed_fen),
        in_yuan(row.due_fen),
    ]
