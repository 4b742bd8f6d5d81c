"""A caregiver's own allowances: this month so far, this year, the steps, and claims."""

from typing import Any

from sqlmodel import Session

from mobile_api.allowances import shown
from mobile_api.allowances.schemas import (
    AllowanceClaimSchema,
    ClaimAllowanceSchema,
    OwnAllowancesSchema,
)
from server.caregivers.allowances import claiming
from server.caregivers.allowances.own import OwnAllowances, own_allowances
from server.caregivers.allowances.queries import get_claim, list_claims_of
from server.caregivers.models import Caregiver
from server.caregivers.queries import find_own
from server.db.sessions import actor_of
from server.errors import NotFound
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "own_allowances", __name__, url_prefix="/v1", description="Allowances of a caregiver."
)
SEE, CLAIM = "caregivers.see-own", "caregivers.claim-own"
NOBODYS = OwnAllowances([], [], [], 0, 0)


@blueprint.get("/allowances")
@reads(SEE)
@blueprint.response(200, OwnAllowancesSchema)
@blueprint.doc(operationId="getOwnAllowances")
def get_own_allowances(*, session: Session) -> dict[str, Any]:
    """Show what the caregiver of this account is entitled to, with every reason"""
    own = _find(session)
    if own is None or own.id is None:
        return _answer(NOBODYS, is_caregiver=False, caregiver_name="", claimable=[], claims=[])
    return _answer(
        own_allowances(session, own.id),
        is_caregiver=True,
        caregiver_name=own.name,
        claimable=[
            shown.claimable(one) for one in claiming.list_claimable(session, own.id) if one.lines
        ],
        claims=[shown.claim(row) for row in list_claims_of(session, own.id)],
    )


@blueprint.post("/allowance-claims")
@writes(CLAIM)
@blueprint.arguments(ClaimAllowanceSchema)
@blueprint.response(201, AllowanceClaimSchema)
@blueprint.doc(operationId="claimAllowance")
def claim_allowance(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Claim everything of a programme that is not claimed yet, while claims are taken"""
    own = _get(session)
    made = claiming.hand_in(session, caregiver_id=own.id or 0, **command)
    return shown.claim(get_claim(session, made.id or 0).claim)


@blueprint.post("/allowance-claims/<int:claim_id>/withdrawal")
@writes(CLAIM)
@blueprint.response(200, AllowanceClaimSchema)
@blueprint.doc(operationId="withdrawAllowanceClaim")
def withdraw_allowance_claim(*, claim_id: int, session: Session) -> dict[str, Any]:
    """Take a claim back while the county has not accepted it"""
    own = _get(session)
    if get_claim(session, claim_id).caregiver_id != own.id:
        raise NotFound()
    claiming.withdraw(session, claim_id)
    return shown.claim(get_claim(session, claim_id).claim)


def _answer(told: OwnAllowances, **facts: Any) -> dict[str, Any]:
    return {
        "month": [shown.allowance(one) for one in told.month],
        "months": [shown.allowance(one) for one in told.months],
        "steps": [shown.allowance(one) for one in told.steps],
        "year": told.year,
        "year_fen": told.year_fen,
        **facts,
    }


def _find(session: Session) -> Caregiver | None:
    account_id = actor_of(session).account_id
    return None if account_id is None else find_own(session, account_id=account_id)


def _get(session: Session) -> Caregiver:
    own = _find(session)
    if own is None:
        raise NotFound()
    return own
