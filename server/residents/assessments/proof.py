"""The number on a printed result, by which the paper is held against the register."""

import re
import unicodedata
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from server.residents.assessments import queries
from server.residents.assessments.models import Assessment, AssessmentStatus
from server.secrets.fields import keyring

PROOF_FIELD = "assessment.proof"
# Without I, L, O and U, which a reader takes for other signs.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGN_COUNT = 8
FORM = re.compile(r"(\d{1,18})-?([0-9A-Z]{4})-?([0-9A-Z]{4})", re.ASCII)
WHAT_THE_PAPER_SAYS = (
    "id", "resident_id", "scale_version", "assessed_on", "self_care", "movement", "mind", "senses",
    "initial_level", "final_level", "starts_on", "assessor_id", "reviewed_by",
)  # fmt: skip


def number_of(assessment: Row[Any], *, resident_id: int | None = None) -> str:
    """Return `4711-7K3M-9Q2D`: whose result it is, and signs that fit this result alone.

    `resident_id` is the number that a paper was printed under, where it is not the present one.
    """
    said = dict(assessment._mapping) | ({"resident_id": resident_id} if resident_id else {})
    told = "|".join(str(said[name]) for name in WHAT_THE_PAPER_SAYS)
    digest = int.from_bytes(keyring().digest(told, PROOF_FIELD)[:5], "big")
    signs = "".join(SIGNS[digest >> 5 * place & 31] for place in range(SIGN_COUNT))
    return f"{assessment.id}-{signs[:4]}-{signs[4:]}"


def find_by_number(session: Session, typed: str) -> Row[Any] | None:
    """Return the confirmed assessment whose number this is, as far as the actor may know of it."""
    found = FORM.fullmatch("".join(unicodedata.normalize("NFKC", typed).split()).upper())
    if found is None:
        return None
    resident_id = session.exec(
        select(col(Assessment.resident_id)).where(
            col(Assessment.id) == int(found[1]),
            col(Assessment.status) == AssessmentStatus.CONFIRMED,
        )
    ).one_or_none()
    if resident_id is None:
        return None
    assessment = queries.get_assessment(session, int(found[1]), resident_id=resident_id)
    # A paper from before a merge names one of the twins.
    twins = session.execute(select(func.twins_of(resident_id))).scalar_one()
    numbers = {number_of(assessment, resident_id=twin) for twin in twins}
    return assessment if "-".join(found.groups()) in numbers else None
