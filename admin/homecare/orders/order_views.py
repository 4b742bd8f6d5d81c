"""Orders of service at home: to be assigned, of today, redeemed; placed at the window too."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row, select
from sqlmodel import Session, col

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.homecare.orders.forms import (
    AssignForm,
    CancelOrderForm,
    OrderFilters,
    OrderForm,
    WhoseOrder,
)
from admin.homecare.orders.reading import KEEP, ORDER, SEE, own_sites, pairs, scope
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError, NotFound
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders import queries
from server.homecare.orders.models import OrderState
from server.homecare.orders.ordering import place_order
from server.homecare.orders.queries import OrderFilter
from server.homecare.orders.quoting import quote
from server.homecare.orders.serving import assign, cancel_order
from server.homecare.plans.queries import list_services
from server.homecare.visits.roster import list_workers
from server.homecare.vouchers.models import Programme
from server.i18n.catalogues import gettext as _
from server.residents.models import Resident
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_orders", __name__, url_prefix="/care/orders", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_orders(*, session: Session) -> str:
    """Orders in reach, with what waits for a worker."""
    wanted = OrderFilter(**asked(OrderFilters))
    within = scope(session)
    of_days = OrderFilter(month=wanted.month, day=wanted.day, site_id=wanted.site_id)
    return page(
        session,
        "admin/homecare/orders/orders.html",
        pairs=pairs,
        rows=queries.list_orders(session, within, wanted),
        counts=queries.count_orders(session, within, of_days),
        today=clock.today(),
        wanted=wanted,
        address=_address(wanted),
        states=list(OrderState),
        programmes=list(Programme),
        services=list_services(session, on=clock.today()),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_orders(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Number"), _("Ordered for"), _("The person"), _("Provider"), _("State"),
                _("Bill (yuan)"), _("Bought service (yuan)"), _("Voucher (yuan)"),
                _("Own pay (yuan)"), _("Care worker"), _("Left at"),
                _("Confirmed at")]  # fmt: skip
    rows = queries.list_orders(session, scope(session), OrderFilter(**asked(OrderFilters)))
    return export(ending, _("Orders of service at home"), headings, map(_cells, rows))


@blueprint.get("/new")
@reads(ORDER)
def show_new(*, session: Session) -> str:
    """Somebody at the window, or on the telephone, orders."""
    return _new_page(session, asked(WhoseOrder)["resident"])


@blueprint.post("")
@submits(ORDER)
def order(*, session: Session) -> Any:
    """Show the split first; then order, and go to it."""
    values, errors = submitted(OrderForm)
    resident_id = values.get("resident") or request.form.get("resident", type=int) or 0
    if errors:
        shown = _new_page(session, resident_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    _resident(session, resident_id)
    try:
        return _looked_or_ordered(session, values)
    except DomainError as refusal:
        return _new_page(session, resident_id, refusal=refusal), STATUS[refusal.kind]


@blueprint.get("/<int:order_id>")
@reads(SEE)
def show_order(*, order_id: int, session: Session) -> str:
    """What was ordered, who pays what, who comes, and what is proved."""
    return _page(session, order_id)


@blueprint.post("/<int:order_id>/assignment")
@submits(KEEP)
def assign_worker(*, order_id: int, session: Session) -> Any:
    """Send somebody."""

    def do(values: dict[str, Any]) -> object:
        starts_at = values["starts_at"].replace(tzinfo=clock.CITY)
        return assign(session, order_id, worker_id=values["worker"], starts_at=starts_at)

    return _done(session, order_id, AssignForm, do)


@blueprint.post("/<int:order_id>/cancellation")
@submits(ORDER)
def cancel(*, order_id: int, session: Session) -> Any:
    """Call it off for a reason: its provider, or an office over where the person lives."""
    row = queries.get_order(session, order_id)
    if row.site_id not in own_sites(session, ORDER):
        _resident(session, row.resident_id)

    def do(values: dict[str, Any]) -> object:
        return cancel_order(session, order_id, reason=values["cancel_reason"])

    return _done(session, order_id, CancelOrderForm, do)


def _looked_or_ordered(session: Session, values: dict[str, Any]) -> Any:
    starts_at = values["starts_at"].replace(tzinfo=clock.CITY)
    what = {"resident_id": values["resident"], "services": values["services"]}
    if values["look"]:
        found = quote(session, **what, day=clock.day_of(starts_at))
        return _new_page(session, values["resident"], quote=found)
    sites = own_sites(session, ORDER)
    if sites and values["site"] not in sites:
        raise NotFound()
    placed = place_order(
        session, **what, site_id=values["site"], starts_at=starts_at,
        requested_by=RequestedBy.STAFF,
    )  # fmt: skip
    return redirect(url_for(".show_order", order_id=placed.id), HTTPStatus.SEE_OTHER)


def _address(wanted: OrderFilter) -> dict[str, Any]:
    """Return the filters as an address names them, without those that are not set."""
    told = {
        "month": wanted.month and f"{wanted.month:%Y-%m}",
        "day": wanted.day,
        "state": wanted.state and wanted.state.value,
        "programme": wanted.programme and wanted.programme.value,
        "site": wanted.site_id,
    }
    return {name: value for name, value in told.items() if value}


def _cells(row: Row[Any]) -> list[Any]:
    return [row.id, row.visit_at or row.starts_at, row.resident_name or "", row.site_name,
            word("order_state", row.state), in_yuan(row.bill_fen), in_yuan(row.purchased_fen),
            in_yuan(row.voucher_fen), in_yuan(row.own_fen), row.worker_name or "",
            row.left_at, row.confirmed_at]  # fmt: skip


def _resident(session: Session, resident_id: int) -> Row[Any]:
    """Return somebody whom the actor may know of; raises `NotFound`."""
    query = select(col(Resident.id), col(Resident.name)).where(col(Resident.id) == resident_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _new_page(session: Session, resident_id: int, **facts: Any) -> str:
    sites = own_sites(session, ORDER)
    providers = queries.list_providers(session)
    return page(
        session,
        "admin/homecare/orders/new_order.html",
        resident=_resident(session, resident_id),
        services=list_services(session, on=clock.today()),
        providers=[(row.id, row.name) for row in providers if not sites or row.id in sites],
        sent=request.form,
        **facts,
    )


def _done(
    session: Session,
    order_id: int,
    form: type[ma.Schema],
    do: Callable[[dict[str, Any]], object],
) -> Any:
    queries.get_order(session, order_id)
    values, errors = submitted(form)
    if errors:
        return _page(session, order_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(values)
    except DomainError as refusal:
        return _page(session, order_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_order", order_id=order_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, order_id: int, **facts: Any) -> str:
    row = queries.get_order(session, order_id)
    keeps = row.site_id in own_sites(session, KEEP)
    workers = list_workers(session, [row.site_id], on=row.service_on) if keeps else []
    return page(
        session,
        "admin/homecare/orders/order.html",
        row=row,
        entries=queries.list_entries(session, order_id),
        services=list_services(session, on=row.service_on),
        workers=[(one.worker_id, one.name) for one in workers],
        **facts,
    )
