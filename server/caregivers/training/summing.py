"""Who was trained, how many passed, what it cost and brought: by kind, month, session and year."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.identity.roles import Reach

# Trained is whoever attended as much of a session as its course asks for, in the month it ended.
TRAINED = text(
    """
    SELECT t.kind, t.month, count(*) FILTER (WHERE t.minutes * 100 >= t.planned * t.least)::int
               AS trained, count(*)::int AS enrolled
      FROM (SELECT o.kind, o.least_percent AS least,
                   extract(month FROM s.ends_at AT TIME ZONE 'Asia/Shanghai')::int AS month,
                   coalesce((SELECT sum(a.minutes) FROM course_attendance a
                              WHERE a.enrolment_id = e.id), 0) AS minutes,
                   (SELECT sum(extract(epoch FROM m.ends_at - m.starts_at)) / 60
                      FROM course_meeting m WHERE m.session_id = s.id) AS planned
              FROM course_session s
              JOIN course o ON o.id = s.course_id
              JOIN enrolment e ON e.session_id = s.id AND e.state = 'enrolled'
             WHERE s.state = 'published' AND s.ends_at <= :now
               AND extract(year FROM s.ends_at AT TIME ZONE 'Asia/Shanghai') = :year
               AND (s.site_id = ANY (:sites) OR left(s.division_code, 6) = ANY (:counties)
                    OR left(s.division_code, 4) = ANY (:cities))) t
     GROUP BY t.kind, t.month
     ORDER BY t.kind, t.month
    """
)
PASSED = text(
    """
    SELECT o.kind, count(DISTINCT e.id)::int AS sat,
           count(DISTINCT e.id) FILTER (WHERE r.is_passed)::int AS passed
      FROM exam_result r
      JOIN enrolment e ON e.id = r.enrolment_id
      JOIN course_session s ON s.id = e.session_id
      JOIN course o ON o.id = s.course_id
     WHERE r.confirmed_at IS NOT NULL AND extract(year FROM r.sat_on) = :year
       AND (s.site_id = ANY (:sites) OR left(s.division_code, 6) = ANY (:counties)
            OR left(s.division_code, 4) = ANY (:cities))
     GROUP BY o.kind
     ORDER BY o.kind
    """
)
MONEY = text(
    """
    SELECT s.id, o.name AS course, o.kind, s.starts_at, s.ends_at, d.name AS division,
           p.name AS site_name, s.enrolled,
           s.teaching_fen, s.venue_fen, s.material_fen, s.exam_fen,
           s.teaching_fen + s.venue_fen + s.material_fen + s.exam_fen AS cost_fen,
           count(t.id)::int AS frozen, count(t.id) FILTER (WHERE t.amount_fen > 0)::int AS entitled,
           coalesce(sum(t.amount_fen), 0)::bigint AS subsidy_fen
      FROM course_session s
      JOIN course o ON o.id = s.course_id
      JOIN division d ON d.code = s.division_code
      LEFT JOIN site p ON p.id = s.site_id
      LEFT JOIN training_subsidy t ON t.session_id = s.id
     WHERE s.state = 'published' AND s.ends_at <= :now
       AND extract(year FROM s.ends_at AT TIME ZONE 'Asia/Shanghai') = :year
       AND (s.site_id = ANY (:sites) OR left(s.division_code, 6) = ANY (:counties)
            OR left(s.division_code, 4) = ANY (:cities))
     GROUP BY s.id, o.id, d.code, p.id
     ORDER BY s.ends_at DESC, s.id
     LIMIT 1000
    """
)
BROUGHT = text(
    """
    SELECT t.id, e.name, t.scheme, t.amount_fen, t.reasons, t.frozen_at
      FROM training_subsidy t JOIN enrolment e ON e.id = t.enrolment_id
     WHERE t.session_id = :session
     ORDER BY t.amount_fen = 0, e.name, t.id
    """
)


def trained_of(session: Session, reach: Reach, *, year: int, now: Any) -> Sequence[Row[Any]]:
    """Return (kind, month, trained, enrolled) of the sessions within reach that ended in a year."""
    return session.connection().execute(TRAINED, _within(reach, year, now)).all()


def passed_of(session: Session, reach: Reach, *, year: int) -> Sequence[Row[Any]]:
    """Return (kind, sat, passed) of the exams of a year, people counted once."""
    values = _within(reach, year, None)
    values.pop("now")
    return session.connection().execute(PASSED, values).all()


def money_of(session: Session, reach: Reach, *, year: int, now: Any) -> Sequence[Row[Any]]:
    """Return what the sessions of a year cost and brought, the latest first."""
    return session.connection().execute(MONEY, _within(reach, year, now)).all()


def brought_by(session: Session, session_id: int) -> Sequence[Row[Any]]:
    """Return what each trainee of a session brought, or why nothing."""
    return session.connection().execute(BROUGHT, {"session": session_id}).all()


def _within(reach: Reach, year: int, now: Any) -> dict[str, Any]:
    """Prefixes of cities and of counties; a smaller place keeps no sessions of its own."""
    return {
        "year": year,
        "now": now,
        "sites": list(reach.site_ids),
        "counties": [one[:6] for one in reach.prefixes if len(one) >= 6],
        "cities": [one for one in reach.prefixes if len(one) == 4],
    }
