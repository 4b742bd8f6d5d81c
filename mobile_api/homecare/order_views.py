"""One's vouchers: what is left of this month, and ordering service at home with them."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.homecare import order_shown as shown
from mobile_api.homecare.order_schemas import (
    AllowancesSchema,
    AskForEntitlementSchema,
    CareOrderSchema,
    CareOrdersSchema,
    EntitlementSchema,
    OrderCareSchema,
    OrderChoicesSchema,
    OrderQuoteArgs,
    OrderSplitSchema,
)
from server import clock
from server.db.sessions import actor_of, reading
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders import queries
from server.homecare.orders.ordering import place_order
from server.homecare.orders.quoting import month_of, quote
from server.homecare.orders.serving import cancel_order
from server.homecare.plans.queries import list_services
from server.homecare.vouchers import queries as vouchers
from server.homecare.vouchers.granting import ask_for
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "care_orders", __name__, url_prefix="/v1", description="Vouchers, and service at home for them."
)
PERMISSION = "homecare.order"
SAID_ON_THE_PHONE = "本人或代办人取消"


@reading
def resident_of_order(*, session: Session) -> int | None:
    """Return for whom the order in the address is, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["order_id"])


@blueprint.get("/care-allowances")
@reads(PERMISSION)
@blueprint.response(200, AllowancesSchema)
@blueprint.doc(operationId="listCareAllowances")
def list_care_allowances(*, session: Session) -> dict[str, Any]:
    """List this month's vouchers and bought service of everybody this account may order for"""
    residents = residents_within(session, HelperScope.APPLY)
    amounts = vouchers.amounts_of(session, residents, month_of(clock.today()))
    asked = vouchers.list_of_residents(session, residents)
    return {
        "allowances": [shown.allowance(row) for row in amounts],
        "entitlements": [shown.entitlement(row) for row in asked],
    }


@blueprint.post("/care-entitlements")
@writes(PERMISSION)
@blueprint.arguments(AskForEntitlementSchema)
@blueprint.response(201, EntitlementSchema)
@blueprint.doc(operationId="askForEntitlement")
def ask_for_entitlement(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Ask for vouchers or bought service; the county decides"""
    check_may(session, command["resident_id"], HelperScope.APPLY)
    asked = ask_for(session, **command, requested_by=_by(session, command["resident_id"]))
    return shown.entitlement(vouchers.get_entitlement(session, asked.id or 0))


@blueprint.get("/care-order-choices")
@reads(PERMISSION)
@blueprint.response(200, OrderChoicesSchema)
@blueprint.doc(operationId="listOrderChoices")
def list_order_choices(*, session: Session) -> dict[str, Any]:
    """List the services that can be ordered with their prices, and who provides them"""
    catalogue = list_services(session, on=clock.today())
    return shown.choices(catalogue, queries.list_providers(session))


@blueprint.get("/care-order-quotes")
@reads(PERMISSION)
@blueprint.arguments(OrderQuoteArgs, location="query")
@blueprint.response(200, OrderSplitSchema)
@blueprint.doc(operationId="quoteCareOrder")
def quote_care_order(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Show who would pay what, before anything is ordered"""
    check_may(session, args["resident_id"], HelperScope.APPLY)
    args["services"] = args["services"].split(",")
    return shown.split(quote(session, **args))


@blueprint.post("/care-orders")
@writes(PERMISSION)
@blueprint.arguments(OrderCareSchema)
@blueprint.response(201, CareOrderSchema)
@blueprint.doc(operationId="orderCare")
def order_care(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Order services at home for a day; what pays for them is reserved at once"""
    check_may(session, command["resident_id"], HelperScope.APPLY)
    order = place_order(session, **command, requested_by=_by(session, command["resident_id"]))
    return _shown(session, order.id or 0)


@blueprint.get("/care-orders")
@reads(PERMISSION)
@blueprint.response(200, CareOrdersSchema)
@blueprint.doc(operationId="listCareOrders")
def list_care_orders(*, session: Session) -> dict[str, Any]:
    """List what was ordered, what is ahead first"""
    residents = residents_within(session, HelperScope.APPLY)
    catalogue = list_services(session, on=clock.today())
    visited = residents_within(session, HelperScope.SEE_VISITS)
    rows = queries.list_of_residents(session, residents)
    return {"items": [shown.order(row, catalogue, visited) for row in rows]}


@blueprint.get("/care-orders/<int:order_id>")
@reads(PERMISSION)
@blueprint.response(200, CareOrderSchema)
@blueprint.doc(operationId="getCareOrder")
def get_care_order(*, order_id: int, session: Session) -> dict[str, Any]:
    """Show an order: who comes, what it costs, and who pays"""
    _check_own(session, order_id)
    return _shown(session, order_id)


@blueprint.post("/care-orders/<int:order_id>/cancellation")
@writes(PERMISSION, for_resident=resident_of_order)
@blueprint.response(200, CareOrderSchema)
@blueprint.doc(operationId="cancelCareOrder")
def cancel_care_order(*, order_id: int, session: Session) -> dict[str, Any]:
    """Call an order off before somebody came; doing it twice is as good as once"""
    _check_own(session, order_id)
    cancel_order(session, order_id, reason=SAID_ON_THE_PHONE)
    return _shown(session, order_id)


def _by(session: Session, resident_id: int) -> RequestedBy:
    is_self = resident_id in actor_of(session).own_resident_ids
    return RequestedBy.SELF if is_self else RequestedBy.HELPER


def _check_own(session: Session, order_id: int) -> None:
    check_may(session, queries.get_order(session, order_id).resident_id, HelperScope.APPLY)


def _shown(session: Session, order_id: int) -> dict[str, Any]:
    catalogue = list_services(session, on=clock.today())
    visited = residents_within(session, HelperScope.SEE_VISITS)
    return shown.order(queries.get_order(session, order_id), catalogue, visited)
