"""Scans that caregivers send from their phones, and what whoever keeps the file says to them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, union
from sqlmodel import Session, col

from server import clock
from server.caregivers.asking.models import CaregiverProof, ProofKind, Settled
from server.caregivers.certifying import (
    CertificateSaid,
    EducationSaid,
    add_certificate,
    add_education,
    keep_scan,
)
from server.caregivers.errors import SettledAlready
from server.caregivers.models import (
    Caregiver,
    CaregiverEducation,
    Employment,
    EmploymentContract,
    SkillCertificate,
)
from server.caregivers.register import KEEP, get_in_reach, get_kept, get_own_site
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.files.images import read_picture
from server.files.models import File
from server.identity.roles import reach_of

MOST_LISTED = 100


def send_proof(
    session: Session, caregiver: Caregiver, *, kind: ProofKind, content: bytes
) -> CaregiverProof:
    """Keep a scan from the caregiver's own phone until somebody looks at it.

    Raises `ImageUnusable`. The same picture sent again while it waits is the one that is there.
    """
    digest = read_picture(content).sha256
    waiting = list_of(session, caregiver.id or 0, waiting=True)
    for row in waiting:
        proof: CaregiverProof = row.CaregiverProof
        if row.sha256 == digest and proof.kind is kind:
            return proof
    with reaching_everywhere(session):
        file = keep_scan(session, caregiver, content)
        proof = CaregiverProof(
            caregiver_id=caregiver.id or 0,
            kind=kind,
            file_id=file.id or 0,
            sent_at=clock.now(),
            state=Settled.WAITING,
        )
        session.add(proof)
    return proof


def list_of(session: Session, caregiver_id: int, *, waiting: bool = False) -> Sequence[Row[Any]]:
    """Return a caregiver's scans with what they hash to, the latest first."""
    query: Any = (
        select(CaregiverProof, col(File.sha256))
        .join(File, col(File.id) == col(CaregiverProof.file_id))
        .where(col(CaregiverProof.caregiver_id) == caregiver_id)
        .order_by(col(CaregiverProof.sent_at).desc(), col(CaregiverProof.id).desc())
    )
    if waiting:
        query = query.where(col(CaregiverProof.state) == Settled.WAITING)
    return session.execute(query).all()


def list_waiting(session: Session) -> Sequence[Row[Any]]:
    """Return the scans that wait at one's own sites, the oldest first."""
    reach = reach_of(actor_of(session), KEEP)
    query = (
        select(CaregiverProof, col(Caregiver.name))
        .join(Caregiver, col(Caregiver.id) == col(CaregiverProof.caregiver_id))
        .where(
            col(CaregiverProof.state) == Settled.WAITING,
            col(Caregiver.keeper_site_id).in_(reach.site_ids),
        )
        .order_by(col(CaregiverProof.sent_at), col(CaregiverProof.id))
        .limit(MOST_LISTED)
    )
    return session.execute(query).all()


def confirm_certificate(session: Session, proof_id: int, said: CertificateSaid) -> CaregiverProof:
    """Put down what the scan shows as a certificate, with the scan beside it."""
    proof = get_waiting(session, proof_id)
    add_certificate(session, proof.caregiver_id, said, file_id=proof.file_id)
    return _settle(session, proof, Settled.CONFIRMED)


def confirm_education(session: Session, proof_id: int, said: EducationSaid) -> CaregiverProof:
    """Put down what the scan shows as a degree, with the scan beside it."""
    proof = get_waiting(session, proof_id)
    add_education(session, proof.caregiver_id, said, file_id=proof.file_id)
    return _settle(session, proof, Settled.CONFIRMED)


def refuse_proof(session: Session, proof_id: int, *, said: str) -> CaregiverProof:
    """Say that the scan shows nothing that can be used, and why; the caregiver reads it."""
    return _settle(session, get_waiting(session, proof_id), Settled.REFUSED, said)


def list_file_ids(session: Session, caregiver_id: int) -> set[int]:
    """Return the numbers of the scans in a caregiver's file, of contracts those in sight."""
    of_contracts = (
        select(col(EmploymentContract.file_id))
        .join(Employment, col(Employment.id) == col(EmploymentContract.employment_id))
        .where(
            col(Employment.caregiver_id) == caregiver_id,
            col(EmploymentContract.file_id).is_not(None),
        )
    )
    tables = (CaregiverProof, SkillCertificate, CaregiverEducation)
    scans = union(
        *(
            select(col(one.file_id)).where(
                col(one.caregiver_id) == caregiver_id, col(one.file_id).is_not(None)
            )
            for one in tables
        ),
        of_contracts,
    )
    return set(session.execute(scans).scalars())


def get_own(session: Session, proof_id: int) -> CaregiverProof:
    """Return a scan of somebody whose file is kept here; raises `NotFound`."""
    proof = session.get(CaregiverProof, proof_id)
    if proof is None:
        raise NotFound()
    get_own_site(session, get_in_reach(session, proof.caregiver_id).keeper_site_id)
    return proof


def get_waiting(session: Session, proof_id: int) -> CaregiverProof:
    """Return a scan that waits at one's own site; raises `NotFound`, `SettledAlready`."""
    proof = session.get(CaregiverProof, proof_id, with_for_update=True)
    if proof is None:
        raise NotFound()
    get_kept(session, proof.caregiver_id)
    if proof.state is not Settled.WAITING:
        raise SettledAlready()
    return proof


def _settle(
    session: Session, proof: CaregiverProof, state: Settled, said: str = ""
) -> CaregiverProof:
    proof.state, proof.said = state, said.strip()
    proof.settled_at, proof.settled_by = clock.now(), actor_of(session).staff_id
    session.flush()
    return proof
