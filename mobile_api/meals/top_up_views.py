"""Paying into an elder's wallet by phone: how much, where, and whether it has come."""

from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.meals.top_up_schemas import (
    AskTopUpSchema,
    TopUpChoicesArgs,
    TopUpChoicesSchema,
    TopUpSchema,
    TopUpsSchema,
)
from server.db.sessions import after_commit
from server.errors import NotFound
from server.meals.wallets import by_phone
from server.payments.models import PaymentState
from server.payments.service import order_of
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.paying import place_order

blueprint = StrictBlueprint(
    "top_ups", __name__, url_prefix="/v1", description="Paying into wallets by phone."
)
PERMISSION = "meals.book"


@blueprint.get("/residents/<int:resident_id>/top-up-choices")
@reads(PERMISSION)
@blueprint.arguments(TopUpChoicesArgs, location="query")
@blueprint.response(200, TopUpChoicesSchema)
@blueprint.doc(operationId="getTopUpChoices")
def get_choices(args: dict[str, Any], *, resident_id: int, session: Session) -> dict[str, Any]:
    """Say how much may be paid in for a resident at a canteen, if anything"""
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    if args["canteen_id"] is None:
        raise NotFound()
    return vars(by_phone.get_choices(session, site_id=args["canteen_id"], resident_id=resident_id))


@blueprint.get("/top-ups")
@reads(PERMISSION)
@blueprint.response(200, TopUpsSchema)
@blueprint.doc(operationId="listTopUps")
def list_top_ups(*, session: Session) -> dict[str, Any]:
    """List what was paid in by phone for everybody this account may book for, the latest first"""
    residents = residents_within(session, HelperScope.BOOK_MEALS)
    return {"items": [_shown(row) for row in by_phone.list_top_ups(session, residents)]}


@blueprint.post("/top-ups")
@writes(PERMISSION)
@blueprint.arguments(AskTopUpSchema)
@blueprint.response(201, TopUpSchema)
@blueprint.doc(operationId="askTopUp")
def ask_top_up(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Begin to pay in; where to pay is told by asking for it a moment later"""
    check_may(session, command["resident_id"], HelperScope.BOOK_MEALS)
    payment = by_phone.ask_to_top_up(
        session,
        site_id=command["canteen_id"],
        resident_id=command["resident_id"],
        amount_fen=command["amount_fen"],
    )
    assert payment.id is not None, "a stored payment has its key"
    order = order_of(payment, return_path=f"/app/top-ups/{payment.id}")
    after_commit(session, partial(place_order, payment.id, order))
    return _shown(by_phone.get_top_up(session, payment.id))


@blueprint.get("/top-ups/<int:top_up_id>")
@reads(PERMISSION)
@blueprint.response(200, TopUpSchema)
@blueprint.doc(operationId="getTopUp")
def get_top_up(*, top_up_id: int, session: Session) -> dict[str, Any]:
    """Show a payment: paid, not yet, or not any more"""
    row = by_phone.get_top_up(session, top_up_id)
    check_may(session, row.resident_id, HelperScope.BOOK_MEALS)
    return _shown(row)


def _shown(row: Row[Any]) -> dict[str, Any]:
    waits = row.state is PaymentState.WAITING
    return {
        **row._mapping,
        "state": row.state.value,
        "canteen_id": row.site_id,
        "pay_url": row.pay_url if waits else "",
    }
