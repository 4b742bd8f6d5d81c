"""What whoever objected keeps: a number by which only they find the objection and its answer."""

import base64
import hmac
import re

from sqlmodel import Session

from server.errors import NotFound
from server.secrets.fields import keyring
from server.subsidies.notices.models import SubsidyNotice, SubsidyObjection

OF = "subsidy_objection.receipt"
SEAL_BYTES = 5
FORM = re.compile(r"(\d{1,18})-([A-Z2-7]{8})")


def receipt_of(objection_id: int) -> str:
    """Return `123-K7QF3M2A`: the number of an objection, and a seal that nobody makes up."""
    return f"{objection_id}-{_seal(objection_id)}"


def get_by_receipt(session: Session, notice: SubsidyNotice, receipt: str) -> SubsidyObjection:
    """Return the objection to this notice that the receipt is of; raises `NotFound`."""
    found = FORM.fullmatch(receipt.strip().upper())
    if found is None or not hmac.compare_digest(found[2], _seal(int(found[1]))):
        raise NotFound()
    objection = session.get(SubsidyObjection, int(found[1]))
    if objection is None or objection.notice_id != notice.id:
        raise NotFound()
    return objection


def _seal(objection_id: int) -> str:
    whole = keyring().digest(str(objection_id), OF)
    return base64.b32encode(whole[:SEAL_BYTES]).decode()
