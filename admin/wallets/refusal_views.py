"""A refund that was asked for and cannot be given: refused with a reason, which is told."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.wallets.due_views import canteen_page
from admin.wallets.forms import RefuseRefundForm
from admin.wallets.reading import KEEP, wallet_of
from server.errors import DomainError
from server.meals.wallets import queries
from server.meals.wallets.refusing import refuse_refund
from server.web.access import submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "wallet_refusal", __name__, url_prefix="/meals/wallets", template_folder="templates"
)


@blueprint.post("/requests/<int:request_id>/refusal")
@submits(KEEP)
def refuse(*, request_id: int, session: Session) -> Any:
    """Refuse a refund and tell the elder why; the money stays in the wallet."""
    wallet = wallet_of(session, queries.get_request(session, request_id).wallet_id, KEEP)
    values, errors = submitted(RefuseRefundForm)
    if errors:
        again = canteen_page(session, wallet.site_id, errors=errors)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        refuse_refund(session, request_id, **values)
    except DomainError as refusal:
        return canteen_page(session, wallet.site_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("wallets.show_canteen", canteen_id=wallet.site_id)
    return redirect(there, HTTPStatus.SEE_OTHER)
