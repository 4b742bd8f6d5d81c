"""What is asked about a caregiver: a scan that they sent, and another home that wants them."""

from sqlmodel import col, select

from server import clock
from server.caregivers.asking.models import (
    CaregiverProof,
    EmploymentTakeover,
    ProofKind,
    Settled,
)
from server.caregivers.models import (
    CaregiverBreach,
    CaregiverEducation,
    Employment,
    EmploymentContract,
    Post,
)
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_image
from tests.factories.pictures import picture


def make_asked(session, caregiver, other, *, sign, number):
    """A scan and a takeover that wait, of keys of their own; returns a key for each parameter."""
    kept = keep_image(
        session, picture(mark=99), kind=FileKind.SCAN, purpose=FilePurpose.CAREGIVER_PAPER,
        site_id=caregiver.keeper_site_id,
    )  # fmt: skip
    now, whose = clock.now(), {"id": number, "caregiver_id": caregiver.id}
    waits = {"state": Settled.WAITING, "said": f"{sign}说"}
    proof = CaregiverProof(
        **whose, **waits, kind=ProofKind.CERTIFICATE, file_id=kept.id, sent_at=now
    )
    takeover = EmploymentTakeover(
        **whose, **waits, from_site_id=caregiver.keeper_site_id, to_site_id=other.id,
        post=Post.CARE, is_front_line=True, starts_on=clock.today(), asked_at=now,
    )  # fmt: skip
    session.add_all([proof, takeover])
    session.flush()
    return {
        "proof_id": proof.id,
        "takeover_id": takeover.id,
        "education_id": _key(session, CaregiverEducation, caregiver),
        "employment_id": _key(session, Employment, caregiver),
        "breach_id": _key(session, CaregiverBreach, caregiver),
        "labour_contract_id": _contract(session, caregiver),
    }


def _contract(session, caregiver):
    query = (
        select(col(EmploymentContract.id))
        .join(Employment, col(Employment.id) == col(EmploymentContract.employment_id))
        .where(col(Employment.caregiver_id) == caregiver.id)
    )
    return session.exec(query).first()


def _key(session, table, caregiver):
    query = select(col(table.id)).where(col(table.caregiver_id) == caregiver.id)
    return session.exec(query).first()
