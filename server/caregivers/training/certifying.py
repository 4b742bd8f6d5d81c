"""结业证书: issued once to whoever completed a course, found by its code, annulled for a reason."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlmodel import Session, col

from server import clock
from server.caregivers.models import SkillCertificate
from server.caregivers.training.enrolling import lock_session
from server.caregivers.training.errors import ResultsMissing
from server.caregivers.training.models import CompletionCertificate, Enrolment
from server.caregivers.training.rules import months_after
from server.caregivers.training.standing import Trainee, get_run, list_trainees
from server.caregivers.training.telling import News, tell
from server.db.refusals import all_or_nothing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.policies.queries import get_figures

CODE_BYTES = 16
YEARS = "training.certificate_years"
BY_CODE = text(
    """
    SELECT k.number, k.issued_on, k.annulled_on, e.name, o.name AS course, o.kind, o.level
      FROM completion_certificate k
      JOIN enrolment e ON e.id = k.enrolment_id
      JOIN course_session s ON s.id = e.session_id
      JOIN course o ON o.id = s.course_id
     WHERE k.check_code = :code
    """
)
# What stands on the paper, for whoever may see the enrolment.
ON_PAPER = text(
    """
    SELECT k.id, k.number, k.issued_on, k.annulled_on, k.check_code, e.name, e.session_id,
           o.name AS course, o.kind, o.level, o.issuer, s.place, s.teacher, s.starts_at, s.ends_at,
           coalesce(t.minutes, 0) AS minutes, x.score, coalesce(p.name, d.name) AS kept_by,
           c.number AS skill_number
      FROM completion_certificate k
      JOIN enrolment e ON e.id = k.enrolment_id
      JOIN course_session s ON s.id = e.session_id
      JOIN course o ON o.id = s.course_id
      JOIN division d ON d.code = s.division_code
      LEFT JOIN site p ON p.id = s.site_id
      LEFT JOIN skill_certificate c ON c.id = k.skill_certificate_id
      LEFT JOIN LATERAL (SELECT sum(a.minutes)::int AS minutes FROM course_attendance a
                          WHERE a.enrolment_id = e.id) t ON true
      LEFT JOIN LATERAL (SELECT r.score FROM exam_result r
                          WHERE r.enrolment_id = e.id AND r.is_passed AND r.confirmed_at IS NOT NULL
                          ORDER BY r.sitting_no DESC LIMIT 1) x ON true
     WHERE k.id = :certificate
    """
)


@all_or_nothing
def issue_certificates(session: Session, session_id: int) -> int:
    """Issue what whoever completed the session has not yet; returns how many. Harmless twice.

    Where a recognised issuer stands behind a skill, the skill certificate is written as well.
    Raises `ResultsMissing`, `NotFound`.
    """
    lock_session(session, session_id)
    run = get_run(session, session_id)
    if not run.gives_certificate or run.open_lists:
        raise ResultsMissing()
    today = clock.today()
    new = [
        one
        for one in list_trainees(session, run)
        if one.completed_on and not one.row.certificate_id
    ]
    made = [_certificate(session, run, one, today) for one in new]
    session.add_all(made)
    session.flush()
    _certify_skills(session, run, new, made)
    tell(session, [one.row.id for one in new], News.CERTIFICATE)
    return len(made)


def annul(session: Session, certificate_id: int, *, reason: str) -> CompletionCertificate:
    """Take a certificate back, and the skill certificate that came with it; twice is as once.

    Raises `NotFound`.
    """
    query = select(CompletionCertificate).where(col(CompletionCertificate.id) == certificate_id)
    found: CompletionCertificate | None = session.execute(
        query.with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    if found.annulled_on is None:
        found.annulled_on, found.annul_reason = clock.today(), reason.strip()
        session.flush()
        _annul_skill(session, found)
    return found


def find_by_code(session: Session, code: str) -> Row[Any] | None:
    """Return what anybody may know of a certificate whose code they hold; masking is the face's."""
    return session.connection().execute(BY_CODE, {"code": code}).one_or_none()


def get_paper(session: Session, certificate_id: int) -> Row[Any]:
    """Return what stands on the certificate's paper; raises `NotFound`."""
    asked = {"certificate": certificate_id}
    row = session.connection().execute(ON_PAPER, asked).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_session_of(session: Session, certificate_id: int) -> int:
    """Return the session of a certificate in sight; raises `NotFound`."""
    query = (
        select(col(Enrolment.session_id))
        .join(CompletionCertificate, col(CompletionCertificate.enrolment_id) == col(Enrolment.id))
        .where(col(CompletionCertificate.id) == certificate_id)
    )
    found: int | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _certificate(
    session: Session, run: Any, trainee: Trainee, today: date
) -> CompletionCertificate:
    return CompletionCertificate(
        enrolment_id=trainee.row.id,
        number=f"PX{run.division_code[:6]:0<6}{today:%Y}{trainee.row.id:07d}",
        check_code=secrets.token_urlsafe(CODE_BYTES),
        issued_on=today,
        issued_by=actor_of(session).staff_id,
    )


def _certify_skills(
    session: Session, run: Any, trainees: Sequence[Trainee], made: Sequence[CompletionCertificate]
) -> None:
    """A skill belongs to the caregiver's own file, which the teacher may not look into."""
    if run.kind != "skill" or not run.issuer:
        return
    pairs = [
        (certificate, _skill(session, run, trainee, certificate))
        for trainee, certificate in zip(trainees, made, strict=True)
        if trainee.row.caregiver_id is not None
    ]
    with reaching_everywhere(session):
        session.add_all(skill for _, skill in pairs)
        session.flush()
        for certificate, skill in pairs:
            certificate.skill_certificate_id = skill.id
        session.flush()


def _skill(
    session: Session, run: Any, trainee: Trainee, certificate: CompletionCertificate
) -> SkillCertificate:
    years = int(get_figures(session, [YEARS], on=certificate.issued_on)[YEARS].value)
    last = months_after(certificate.issued_on, 12 * years) - timedelta(days=1)
    return SkillCertificate(
        caregiver_id=trainee.row.caregiver_id,
        level=run.level,
        number=f"S{certificate.number[2:]}",
        issuer=run.issuer,
        issued_on=certificate.issued_on,
        valid_until=last if years else None,
        check_code=secrets.token_urlsafe(CODE_BYTES),
        recorded_at=clock.now(),
    )


def _annul_skill(session: Session, certificate: CompletionCertificate) -> None:
    if certificate.skill_certificate_id is None:
        return
    with reaching_everywhere(session):
        skill = session.get(SkillCertificate, certificate.skill_certificate_id)
        if skill is not None and skill.annulled_on is None:
            skill.annulled_on = certificate.annulled_on
        session.flush()
