"""Who asks for bought service or a voucher, what the county says, and what is left of a month."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.homecare.orders.forms import (
    BY_HAND,
    AmountFilters,
    AskForm,
    EntitlementFilters,
    EntitlementNoteForm,
    RefusalForm,
    StopForm,
    WhoseOrder,
)
from admin.homecare.orders.reading import pairs, this_month
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.referrals.models import RequestedBy
from server.homecare.vouchers import granting, queries
from server.homecare.vouchers.models import CareEntitlement, EntitlementState, Programme
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.residents.assessments.queries import get_assessed_resident
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_entitlements", __name__, url_prefix="/care/entitlements", template_folder="templates"
)
SEE, DECIDE, FILE = "homecare.see-entitlements", "homecare.decide-entitlement", "homecare.file"


@blueprint.get("")
@reads(SEE)
def list_entitlements(*, session: Session) -> str:
    """What waits for an answer comes first."""
    wanted = asked(EntitlementFilters)
    return page(
        session,
        "admin/homecare/orders/entitlements.html",
        pairs=pairs,
        rows=queries.list_entitlements(session, **wanted),
        counts=queries.count_entitlements(session),
        wanted=wanted,
        states=list(EntitlementState),
        programmes=list(Programme),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_entitlements(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("The person"), _("Village or neighbourhood"), _("Programme"), _("State"),
                _("Asked for at"), _("From"), _("Note")]  # fmt: skip
    rows = queries.list_entitlements(session, **asked(EntitlementFilters))
    return export(ending, _("Entitlements at home"), headings, map(_cells, rows))


@blueprint.get("/amounts")
@reads(SEE)
def list_amounts(*, session: Session) -> str:
    """What was issued for a month, and what of it is used."""
    wanted = _of_month()
    return page(
        session,
        "admin/homecare/orders/amounts.html",
        pairs=pairs,
        rows=queries.list_amounts(session, **wanted),
        sums=queries.sum_amounts(session, wanted["month"]),
        wanted=wanted,
        programmes=list(Programme),
        as_of=clock.now(),
    )


@blueprint.get(f"/amounts/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_amounts(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("The person"), _("Programme"), _("Month"), _("Issued (yuan)"),
                _("Kept for orders (yuan)"), _("Redeemed (yuan)")]  # fmt: skip
    rows = (
        [row.resident_name or "", word("programme", row.programme), f"{row.month:%Y-%m}",
         in_yuan(row.amount_fen), in_yuan(row.reserved_fen), in_yuan(row.redeemed_fen)]
        for row in queries.list_amounts(session, **_of_month())
    )  # fmt: skip
    return export(ending, _("Amounts of a month"), headings, rows)


@blueprint.get("/new")
@reads(FILE)
def show_new(*, session: Session) -> str:
    """Somebody at the window asks for it."""
    return _new_page(session, asked(WhoseOrder)["resident"])


@blueprint.post("")
@submits(FILE)
def ask(*, session: Session) -> Any:
    """File it, and go to it; what is missing is named at once."""
    values, errors = submitted(AskForm)
    if errors:
        return redirect(url_for(".list_entitlements"), HTTPStatus.SEE_OTHER)
    resident_id = values.pop("resident")
    _resident(session, resident_id)
    try:
        made = granting.ask_for(
            session, resident_id=resident_id, requested_by=RequestedBy.STAFF, **values
        )
    except DomainError as refusal:
        return _new_page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_entitlement", entitlement_id=made.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:entitlement_id>")
@reads(SEE)
def show_entitlement(*, entitlement_id: int, session: Session) -> str:
    """What was asked for, what is missing today, and what can be said to it."""
    return _page(session, entitlement_id)


@blueprint.post("/<int:entitlement_id>/grant")
@submits(DECIDE)
def grant(*, entitlement_id: int, session: Session) -> Any:
    """Yes."""
    return _done(session, entitlement_id, EntitlementNoteForm, granting.grant)


@blueprint.post("/<int:entitlement_id>/refusal")
@submits(DECIDE)
def refuse(*, entitlement_id: int, session: Session) -> Any:
    """No, and why."""
    return _done(session, entitlement_id, RefusalForm, granting.refuse)


@blueprint.post("/<int:entitlement_id>/end")
@submits(DECIDE)
def stop(*, entitlement_id: int, session: Session) -> Any:
    """Nothing comes from next month on."""

    def do(session: Session, entitlement_id: int, **values: Any) -> CareEntitlement:
        reason = values.pop("end_reason")
        return granting.stop(session, entitlement_id, reason=reason, **values)

    return _done(session, entitlement_id, StopForm, do)


def _of_month() -> dict[str, Any]:
    wanted = asked(AmountFilters)
    return wanted | {"month": wanted["month"] or this_month()}


def _cells(row: Row[Any]) -> list[Any]:
    return [row.resident_name or "", row.village_name or "", word("programme", row.programme),
            word("entitlement_state", row.state), row.applied_at, row.starts_on,
            row.note]  # fmt: skip


def _resident(session: Session, resident_id: int) -> Row[Any]:
    prefixes = reach_of(actor_of(session), FILE).prefixes
    return get_assessed_resident(session, resident_id, prefixes=prefixes)


def _new_page(session: Session, resident_id: int, **facts: Any) -> str:
    return page(
        session,
        "admin/homecare/orders/new_entitlement.html",
        pairs=pairs,
        resident=_resident(session, resident_id),
        programmes=list(Programme),
        **facts,
    )


def _done(
    session: Session, entitlement_id: int, form: type[ma.Schema], do: Callable[..., object]
) -> Any:
    queries.get_entitlement(session, entitlement_id)
    values, errors = submitted(form)
    if errors:
        return _page(session, entitlement_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, entitlement_id, **values)
    except DomainError as refusal:
        return _page(session, entitlement_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(
        url_for(".show_entitlement", entitlement_id=entitlement_id), HTTPStatus.SEE_OTHER
    )


def _page(session: Session, entitlement_id: int, **facts: Any) -> str:
    row = queries.get_entitlement(session, entitlement_id)
    entitlement = session.get(CareEntitlement, entitlement_id)
    assert entitlement is not None, "it was just read"
    return page(
        session,
        "admin/homecare/orders/entitlement.html",
        pairs=pairs,
        row=row,
        missing=granting.missing_now(session, entitlement),
        amounts=[
            one
            for one in queries.amounts_of(session, [row.resident_id], this_month())
            if one.programme == row.programme
        ],
        ends=BY_HAND,
        **facts,
    )
