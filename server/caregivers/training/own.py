"""What a phone shows somebody of their own learning: hours, results, certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlmodel import Session, col

from server.caregivers.models import ContinuingEducation
from server.caregivers.training.contests import list_own_ranks
from server.policies.queries import get_figures

HOURS_A_YEAR = "continuing_education.hours_a_year"
RESULTS = text(
    """
    SELECT e.id AS enrolment_id, o.name AS course, s.starts_at, s.ends_at,
           (sum(extract(epoch FROM m.ends_at - m.starts_at)) / 60)::int AS planned,
           coalesce(sum(a.minutes), 0)::int AS minutes, x.score, x.is_passed, x.sat_on, o.has_exam,
           k.id AS certificate_id, k.number AS certificate_number, k.issued_on, k.annulled_on,
           k.check_code
      FROM enrolment e
      JOIN course_session s ON s.id = e.session_id AND s.state = 'published'
      JOIN course o ON o.id = s.course_id
      JOIN course_meeting m ON m.session_id = s.id
      LEFT JOIN course_attendance a ON a.meeting_id = m.id AND a.enrolment_id = e.id
      LEFT JOIN LATERAL (
          SELECT r.score, r.is_passed, r.sat_on FROM exam_result r
           WHERE r.enrolment_id = e.id AND r.confirmed_at IS NOT NULL
           ORDER BY r.sitting_no DESC LIMIT 1) x ON true
      LEFT JOIN completion_certificate k ON k.enrolment_id = e.id
     WHERE e.state = 'enrolled' AND s.starts_at <= :now
       AND (e.caregiver_id = :caregiver OR e.account_id = :account)
     GROUP BY e.id, o.id, s.id, k.id, x.score, x.is_passed, x.sat_on
     ORDER BY s.starts_at DESC, e.id DESC
     LIMIT 200
    """
)


@dataclass(frozen=True)
class Learning:
    """One's own learning; `minutes` of this year beside the `hours` that a year asks for."""

    minutes: int
    hours: int
    runs: Sequence[Row[Any]]
    contests: Sequence[Row[Any]]


def learning_of(
    session: Session, *, account_id: int, caregiver_id: int | None, today: date, now: Any
) -> Learning:
    """Return what this phone's person learned."""
    values = {"account": account_id, "caregiver": caregiver_id, "now": now}
    hours = int(get_figures(session, [HOURS_A_YEAR], on=today)[HOURS_A_YEAR].value)
    return Learning(
        minutes=_minutes(session, caregiver_id, today) if caregiver_id else 0,
        hours=hours if caregiver_id else 0,
        runs=session.connection().execute(RESULTS, values).all(),
        contests=list_own_ranks(session, caregiver_id) if caregiver_id else [],
    )


def _minutes(session: Session, caregiver_id: int, today: date) -> int:
    query = select(func.coalesce(func.sum(col(ContinuingEducation.minutes)), 0)).where(
        col(ContinuingEducation.caregiver_id) == caregiver_id,
        col(ContinuingEducation.attended_on) >= today.replace(month=1, day=1),
        col(ContinuingEducation.attended_on) <= today,
    )
    return int(session.execute(query).scalar_one())
