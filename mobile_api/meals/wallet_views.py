"""An elder's money at canteens: how much, what became of it, and asking for it back."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.meals import wallet_shown as shown
from mobile_api.meals.wallet_schemas import (
    AskForRefundSchema,
    MealEntitlementSchema,
    WalletsSchema,
    WholeWalletSchema,
)
from server import clock
from server.db.sessions import reading
from server.errors import NotFound
from server.meals.entitling import get_entitlement
from server.meals.wallets import keeping, queries
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "meal_wallets", __name__, url_prefix="/v1", description="Money paid to canteens in advance."
)
PERMISSION = "meals.book"
MOST_LINES = 50


@reading
def resident_of_wallet(*, session: Session) -> int | None:
    """Return whose the wallet in the address is, as far as this actor may know."""
    try:
        row = queries.get_wallet(session, (request.view_args or {})["wallet_id"])
    except NotFound:
        return None
    return int(row.resident_id)


@blueprint.get("/wallets")
@reads(PERMISSION)
@blueprint.response(200, WalletsSchema)
@blueprint.doc(operationId="listWallets")
def list_wallets(*, session: Session) -> dict[str, Any]:
    """List the wallets of everybody this account may book meals for, the fullest first"""
    residents = residents_within(session, HelperScope.BOOK_MEALS)
    return {"items": [shown.wallet(row) for row in queries.list_wallets_of(session, residents)]}


@blueprint.get("/wallets/<int:wallet_id>")
@reads(PERMISSION)
@blueprint.response(200, WholeWalletSchema)
@blueprint.doc(operationId="getWallet")
def get_wallet(*, wallet_id: int, session: Session) -> dict[str, Any]:
    """Show a wallet with the last fifty lines of its statement, the latest first"""
    return _shown(session, wallet_id)


@blueprint.post("/wallets/<int:wallet_id>/refund-request")
@writes(PERMISSION, for_resident=resident_of_wallet)
@blueprint.arguments(AskForRefundSchema)
@blueprint.response(201, WholeWalletSchema)
@blueprint.doc(operationId="askForWalletRefund")
def ask_for_refund(command: dict[str, Any], *, wallet_id: int, session: Session) -> dict[str, Any]:
    """Ask the canteen to give back what is in a wallet; it is paid out at the counter"""
    _check(session, wallet_id)
    keeping.ask_for_refund(session, wallet_id, **command)
    return _shown(session, wallet_id)


@blueprint.post("/wallets/<int:wallet_id>/refund-request/withdrawal")
@writes(PERMISSION, for_resident=resident_of_wallet)
@blueprint.response(200, WholeWalletSchema)
@blueprint.doc(operationId="withdrawWalletRefund")
def withdraw_refund(*, wallet_id: int, session: Session) -> dict[str, Any]:
    """Take the request back and keep the money at the canteen; twice is as good as once"""
    _check(session, wallet_id)
    asked = queries.find_open_refund(session, wallet_id)
    if asked is not None:
        keeping.withdraw(session, asked.id or 0)
    return _shown(session, wallet_id)


@blueprint.get("/residents/<int:resident_id>/meal-entitlement")
@reads(PERMISSION)
@blueprint.response(200, MealEntitlementSchema)
@blueprint.doc(operationId="getMealEntitlement")
def get_meal_entitlement(*, resident_id: int, session: Session) -> dict[str, Any]:
    """Say what the city adds to each meal of a resident today, and by which document"""
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    found = get_entitlement(session, resident_id, on=clock.today())
    return shown.entitlement(found, resident_id=resident_id)


def _check(session: Session, wallet_id: int) -> Any:
    row = queries.get_wallet(session, wallet_id)
    check_may(session, row.resident_id, HelperScope.BOOK_MEALS)
    return row


def _shown(session: Session, wallet_id: int) -> dict[str, Any]:
    row = _check(session, wallet_id)
    lines = queries.list_statement(session, wallet_id, at_most=MOST_LINES)
    refused = queries.find_refused(session, wallet_id)
    return {
        **shown.wallet(row),
        "refund_refused": refused and refused.note,
        "lines": [shown.line(one) for one in lines],
    }
