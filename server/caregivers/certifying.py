"""Skill certificates and degrees: put down, found in the issuer's register, annulled, checked."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock, masking
from server.caregivers import rules
from server.caregivers.errors import CertificateNumberTaken, EducationKnown
from server.caregivers.models import Caregiver, CaregiverEducation, Degree, SkillCertificate
from server.caregivers.register import VERIFY, get_in_reach, get_kept
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotAllowed, NotFound
from server.files.models import File, FileKind, FilePurpose
from server.files.service import keep_image
from server.identity.roles import may

CODE_BYTES = 18  # 144 bits: nobody finds a certificate by trying.
SHOWN_OF_A_NUMBER = 4


@dataclass(frozen=True)
class CertificateSaid:
    """What stands on a certificate."""

    level: int
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None = None


@dataclass(frozen=True)
class EducationSaid:
    """What stands on a diploma, and what recognises it."""

    degree: Degree
    school: str
    obtained_on: date
    subject: str = ""
    recognition: str = ""
    recognised_on: date | None = None


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    GOOD = "good"
    ENDED = "ended"
    ANNULLED = "annulled"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Shown:
    """All that a check tells of a certificate to whoever scanned it."""

    masked_name: str
    masked_number: str
    level: int
    issuer: str
    standing: Standing


def add_certificate(
    session: Session, caregiver_id: int, said: CertificateSaid, *, file_id: int | None = None
) -> SkillCertificate:
    """Put down a certificate of somebody whose file is kept here.

    Raises `CertificateNumberTaken`, `CertificateDaysImpossible`, `NotFound`.
    """
    get_kept(session, caregiver_id)
    rules.check_certificate_days(said.issued_on, said.valid_until, today=clock.today())
    certificate = SkillCertificate(
        caregiver_id=caregiver_id,
        level=said.level,
        number=rules.read_certificate_number(said.number),
        issuer=said.issuer.strip(),
        issued_on=said.issued_on,
        valid_until=said.valid_until,
        check_code=new_check_code(),
        file_id=file_id,
        recorded_at=clock.now(),
    )
    with refusing(session, {"uq_skill_certificate_number": CertificateNumberTaken()}):
        session.add(certificate)
    return certificate


def new_check_code() -> str:
    """Return what a certificate's QR code holds."""
    return secrets.token_urlsafe(CODE_BYTES)


def renew_certificate(
    session: Session, certificate_id: int, *, valid_until: date | None
) -> SkillCertificate:
    """Say until when a certificate lasts by now."""
    certificate = _get_kept_certificate(session, certificate_id)
    rules.check_certificate_days(certificate.issued_on, valid_until, today=clock.today())
    certificate.valid_until = valid_until
    session.flush()
    return certificate


def verify_certificate(session: Session, certificate_id: int) -> SkillCertificate:
    """Say that somebody of the bureau found it in the issuer's own register, today."""
    certificate = _get_to_verify(session, certificate_id)
    certificate.verified_on = clock.today()
    session.flush()
    return certificate


def annul_certificate(session: Session, certificate_id: int) -> SkillCertificate:
    """Say that it counts no more from today on; the reason stands in the act. Once is enough."""
    certificate = _get_to_verify(session, certificate_id)
    if certificate.annulled_on is None:
        certificate.annulled_on = max(clock.today(), certificate.issued_on)
    session.flush()
    return certificate


def add_education(
    session: Session, caregiver_id: int, said: EducationSaid, *, file_id: int | None = None
) -> CaregiverEducation:
    """Put down a degree, recognised or not yet; raises `EducationKnown`, `NotFound`."""
    get_kept(session, caregiver_id)
    is_recognised = bool(said.recognition.strip())
    education = CaregiverEducation(
        caregiver_id=caregiver_id,
        degree=said.degree,
        school=said.school.strip(),
        subject=said.subject.strip(),
        obtained_on=said.obtained_on,
        recognition=said.recognition.strip(),
        recognised_on=(said.recognised_on or clock.today()) if is_recognised else None,
        file_id=file_id,
    )
    with refusing(session, {"uq_caregiver_education_caregiver_id_degree": EducationKnown()}):
        session.add(education)
    return education


def recognise_education(
    session: Session, education_id: int, *, recognition: str, recognised_on: date
) -> CaregiverEducation:
    """Put down the number of the report that recognises a degree, and its day."""
    education = get_education(session, education_id)
    get_kept(session, education.caregiver_id)
    education.recognition, education.recognised_on = recognition.strip(), recognised_on
    session.flush()
    return education


def keep_scan(session: Session, caregiver: Caregiver, content: bytes) -> File:
    """Keep a scan of a caregiver's paper; raises `ImageUnusable`."""
    return keep_image(
        session,
        content,
        kind=FileKind.SCAN,
        purpose=FilePurpose.CAREGIVER_PAPER,
        site_id=caregiver.keeper_site_id,
    )


def attach_to_certificate(session: Session, certificate_id: int, file_id: int) -> SkillCertificate:
    """Put a scan beside a certificate that is there."""
    certificate = _get_kept_certificate(session, certificate_id)
    certificate.file_id = file_id
    session.flush()
    return certificate


def attach_to_education(session: Session, education_id: int, file_id: int) -> CaregiverEducation:
    """Put a scan beside a degree that is there."""
    education = get_education(session, education_id)
    get_kept(session, education.caregiver_id)
    education.file_id = file_id
    session.flush()
    return education


def list_certificates(session: Session, caregiver_id: int) -> Sequence[SkillCertificate]:
    """Return a caregiver's certificates, the highest first."""
    query = (
        select(SkillCertificate)
        .where(col(SkillCertificate.caregiver_id) == caregiver_id)
        .order_by(
            col(SkillCertificate.level),
            col(SkillCertificate.issued_on).desc(),
            col(SkillCertificate.id),
        )
    )
    return session.execute(query).scalars().all()


def list_education(session: Session, caregiver_id: int) -> Sequence[CaregiverEducation]:
    """Return a caregiver's degrees, the latest first."""
    query = (
        select(CaregiverEducation)
        .where(col(CaregiverEducation.caregiver_id) == caregiver_id)
        .order_by(col(CaregiverEducation.obtained_on).desc(), col(CaregiverEducation.id))
    )
    return session.execute(query).scalars().all()


def get_certificate(session: Session, certificate_id: int) -> SkillCertificate:
    """Return a certificate that the actor sees; raises `NotFound`."""
    certificate = session.get(SkillCertificate, certificate_id)
    if certificate is None:
        raise NotFound()
    return certificate


def get_certificate_of(
    session: Session, caregiver_id: int, certificate_id: int
) -> SkillCertificate:
    """Return a certificate of a caregiver in one's reach; raises `NotFound`."""
    get_in_reach(session, caregiver_id)
    certificate = get_certificate(session, certificate_id)
    if certificate.caregiver_id != caregiver_id:
        raise NotFound()
    return certificate


def get_education(session: Session, education_id: int) -> CaregiverEducation:
    """Return a degree that the actor sees; raises `NotFound`."""
    education = session.get(CaregiverEducation, education_id)
    if education is None:
        raise NotFound()
    return education


def check_by_code(session: Session, code: str, *, on: date) -> Shown:
    """Return what a scan tells of a certificate on the day; raises `NotFound`."""
    query = (
        select(SkillCertificate, col(Caregiver.name))
        .join(Caregiver, col(Caregiver.id) == col(SkillCertificate.caregiver_id))
        .where(col(SkillCertificate.check_code) == code)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    certificate, name = row
    return Shown(
        masked_name=masking.name(name),
        masked_number=mask_number(certificate.number),
        level=certificate.level,
        issuer=certificate.issuer,
        standing=standing_of(certificate, on),
    )


def standing_of(certificate: SkillCertificate, on: date) -> Standing:
    """Return what a certificate is worth on the day."""
    if certificate.annulled_on is not None and certificate.annulled_on <= on:
        return Standing.ANNULLED
    if rules.is_good(certificate, on):
        return Standing.GOOD
    return Standing.NOT_YET if certificate.issued_on > on else Standing.ENDED


def mask_number(number: str) -> str:
    """Return a certificate's number with its last characters alone, and half of a short one's."""
    shown = min(SHOWN_OF_A_NUMBER, len(number) // 2)
    return "*" * (len(number) - shown) + number[-shown:]


def _get_kept_certificate(session: Session, certificate_id: int) -> SkillCertificate:
    certificate = get_certificate(session, certificate_id)
    get_kept(session, certificate.caregiver_id)
    return certificate


def _get_to_verify(session: Session, certificate_id: int) -> SkillCertificate:
    """Whoever issued or recorded it does not verify it: that is the bureau's."""
    if not may(actor_of(session), VERIFY):
        raise NotAllowed()
    certificate = get_certificate(session, certificate_id)
    get_in_reach(session, certificate.caregiver_id)
    return certificate
