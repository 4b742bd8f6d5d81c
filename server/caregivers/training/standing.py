"""How each trainee of a session stands: minutes attended, the last exam, the certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server.caregivers.training.rules import is_admitted, percent_of

TRAINEES = text(
    """
    SELECT e.id, e.name, e.caregiver_id, e.account_id, e.relation, e.state, e.joined_at,
           e.moved_up_at, e.ended_at,
           coalesce(t.minutes, 0) AS minutes, coalesce(t.days, 0) AS days,
           x.id AS result_id, x.sitting_no, x.sat_on, x.score, x.is_passed, x.entered_by,
           x.confirmed_at, x.confirmed_by, k.id AS certificate_id, k.number AS certificate_number,
           k.annulled_on
      FROM enrolment e
      LEFT JOIN LATERAL (
          SELECT sum(a.minutes)::int AS minutes,
                 count(DISTINCT (m.starts_at AT TIME ZONE 'Asia/Shanghai')::date)::int AS days
            FROM course_attendance a JOIN course_meeting m ON m.id = a.meeting_id
           WHERE a.enrolment_id = e.id AND a.minutes > 0) t ON true
      LEFT JOIN LATERAL (
          SELECT * FROM exam_result r WHERE r.enrolment_id = e.id
           ORDER BY r.sitting_no DESC LIMIT 1) x ON true
      LEFT JOIN completion_certificate k ON k.enrolment_id = e.id
     WHERE e.session_id = :session AND e.state = ANY (:states)
     ORDER BY e.state <> 'enrolled', e.joined_at, e.id
    """
)
COURSE_OF = text(
    """
    SELECT s.*, o.name AS course_name, o.kind, o.level, o.least_percent, o.has_exam, o.pass_mark,
           o.gives_certificate, o.issuer, m.planned, m.open_lists, m.last_on
      FROM course_session s
      JOIN course o ON o.id = s.course_id
      JOIN LATERAL (
          SELECT (sum(extract(epoch FROM ends_at - starts_at)) / 60)::int AS planned,
                 count(*) FILTER (WHERE closed_at IS NULL) AS open_lists,
                 (max(ends_at) AT TIME ZONE 'Asia/Shanghai')::date AS last_on
            FROM course_meeting WHERE session_id = s.id) m ON true
     WHERE s.id = :session
    """
)


@dataclass(frozen=True)
class Trainee:
    """One row of the list with what follows from it."""

    row: Any
    percent: int
    is_admitted: bool
    completed_on: date | None

    @property
    def is_passed(self) -> bool:
        """True where an exam was passed, and another person confirmed it."""
        return bool(self.row.is_passed and self.row.confirmed_at)


def get_run(session: Session, session_id: int) -> Any:
    """Return a session with its course and its planned minutes; None where there is none."""
    return session.connection().execute(COURSE_OF, {"session": session_id}).one_or_none()


def list_trainees(
    session: Session, run: Any, *, states: Sequence[str] = ("enrolled",)
) -> Sequence[Trainee]:
    """Return the trainees of a session as far as the actor may see them, in order of joining."""
    values = {"session": run.id, "states": list(states)}
    rows = session.connection().execute(TRAINEES, values).all()
    return [_trainee(run, row) for row in rows]


def _trainee(run: Any, row: Any) -> Trainee:
    admitted = is_admitted(row.minutes, run.planned, run.least_percent)
    completed_on = None
    if run.has_exam and row.is_passed and row.confirmed_at:
        completed_on = row.sat_on
    elif not run.has_exam and admitted and run.open_lists == 0:
        completed_on = run.last_on
    return Trainee(row, percent_of(row.minutes, run.planned), admitted, completed_on)
