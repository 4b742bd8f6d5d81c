"""The scan of a labour contract, beside what stands of it in the file."""

from typing import Any

from flask import Blueprint
from sqlmodel import Session

from admin.caregivers.file_views import back, file_page
from admin.caregivers.reading import KEEP
from admin.pictures import sent_picture
from server.caregivers import employing, register
from server.errors import DomainError
from server.web.access import submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregiver_contracts", __name__, url_prefix="/caregivers/<int:caregiver_id>/contracts"
)


@blueprint.post("/<int:labour_contract_id>/scan")
@submits(KEEP)
def put_contract_scan(*, caregiver_id: int, labour_contract_id: int, session: Session) -> Any:
    """Put a scan beside a contract with one's own site."""
    register.get_in_reach(session, caregiver_id)
    try:
        employing.attach_to_contract(session, caregiver_id, labour_contract_id, sent_picture())
    except DomainError as refusal:
        return file_page(session, caregiver_id, refusal=refusal), STATUS[refusal.kind]
    return back(caregiver_id)
