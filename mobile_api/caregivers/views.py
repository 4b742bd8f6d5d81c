"""Linking one's phone to one's file, reading it, punching, and sending scans."""

from typing import Any

from sqlmodel import Session

from mobile_api.caregivers.schemas import (
    AttendanceSchema,
    CaregiverSchema,
    LinkSchema,
    ProofSchema,
    PunchSchema,
    SentProofSchema,
)
from mobile_api.caregivers.shown import attendance, caregiver_file, proof
from server.caregivers.asking.proofs import send_proof
from server.caregivers.attending import punch_in, punch_out
from server.caregivers.linking import link_own
from server.caregivers.models import Caregiver
from server.caregivers.queries import find_own
from server.db.sessions import actor_of
from server.errors import NotFound
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pictures import bytes_of

blueprint = StrictBlueprint(
    "caregiver_own", __name__, url_prefix="/v1/caregiver", description="A caregiver's own file."
)
PERMISSION = "caregivers.see-own"


@blueprint.get("")
@reads(PERMISSION)
@blueprint.response(200, CaregiverSchema)
@blueprint.doc(operationId="getOwnCaregiver")
def get_own_caregiver(*, session: Session) -> dict[str, Any]:
    """Show one's own file as a caregiver, and what is missing in it"""
    return caregiver_file(session, _find_own(session))


@blueprint.post("/link")
@writes(PERMISSION)
@blueprint.arguments(LinkSchema)
@blueprint.response(200, CaregiverSchema)
@blueprint.doc(operationId="linkCaregiver")
def link_caregiver(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Link this phone to one's own file, by the end of one's ID number"""
    return caregiver_file(session, link_own(session, **command))


@blueprint.post("/punches")
@writes(PERMISSION)
@blueprint.arguments(PunchSchema)
@blueprint.response(200, AttendanceSchema)
@blueprint.doc(operationId="punch")
def punch(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Say that one has arrived at work, or leaves; a day counts once"""
    caregiver = _get_own(session)
    (punch_out if command["is_leaving"] else punch_in)(session, caregiver)
    return attendance(session, caregiver)


@blueprint.post("/proofs")
@writes(PERMISSION)
@blueprint.arguments(ProofSchema)
@blueprint.response(201, SentProofSchema)
@blueprint.doc(operationId="sendCaregiverProof")
def send_caregiver_proof(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Send a photo of a certificate or diploma; the employer confirms it"""
    content = bytes_of(command["picture"])
    return proof(send_proof(session, _get_own(session), kind=command["kind"], content=content))


def _find_own(session: Session) -> Caregiver | None:
    account_id = actor_of(session).account_id
    return None if account_id is None else find_own(session, account_id=account_id)


def _get_own(session: Session) -> Caregiver:
    caregiver = _find_own(session)
    if caregiver is None:
        raise NotFound()
    return caregiver
