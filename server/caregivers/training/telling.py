"""Who is told what of a course: a place, moving up, tomorrow, a change, its end, a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

OF_USE = timedelta(days=3)
TOLD_OF_TOMORROW_AT = time(17)
PHONES = text(
    """
    SELECT e.id AS enrolment_id, o.name AS course, s.place, s.starts_at,
           coalesce(a.phone, c.phone) AS phone,
           coalesce(a.language, c.language, 'zh-CN') AS language
      FROM enrolment e
      JOIN course_session s ON s.id = e.session_id
      JOIN course o ON o.id = s.course_id
      LEFT JOIN caregiver c ON c.id = e.caregiver_id
      LEFT JOIN account a ON a.id = coalesce(e.account_id, c.account_id) AND a.closed_at IS NULL
     WHERE e.id = ANY (:enrolments) AND coalesce(a.phone, c.phone) IS NOT NULL
     ORDER BY e.id
    """
)
# Whoever has a place at a session hears the evening before of a meeting of it.
TOMORROW = text(
    """
    SELECT m.id AS meeting_id, m.starts_at, e.id AS enrolment_id
      FROM course_meeting m
      JOIN course_session s ON s.id = m.session_id AND s.state = 'published'
      JOIN enrolment e ON e.session_id = s.id AND e.state = 'enrolled'
     WHERE m.starts_at >= :since AND m.starts_at < :until
     ORDER BY m.id, e.id
    """
)


@dataclass(frozen=True)
class About:
    """Whose place it is; `subject` says what it is about where that can come again."""

    enrolment_id: int
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class News(StrEnum):
    """What is told; the catalogues hold a sentence for each, of the kind `training.…`."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    MOVED_UP = "moved_up"
    TOMORROW = "tomorrow"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    PASSED = "passed"
    FAILED = "failed"
    CERTIFICATE = "certificate"


def tell(
    session: Session,
    enrolment_ids: Sequence[int],
    news: News,
    *,
    subject: str = "",
    due_at: datetime | None = None,
    facts: Mapping[str, str] | None = None,
) -> int:
    """Put a message for each of these into the outbox; returns how many are new.

    `subject` says what it is about beside the enrolment, where that can come again.
    """
    about = [About(one, subject, facts or {}) for one in enrolment_ids]
    return tell_each(session, about, news, due_at=due_at or clock.now())


def tell_each(session: Session, about: Sequence[About], news: News, *, due_at: datetime) -> int:
    """The same where each hears something of their own."""
    if not about:
        return 0
    with reaching_everywhere(session):
        asked = {"enrolments": [one.enrolment_id for one in about]}
        rows = {row.enrolment_id: row for row in session.connection().execute(PHONES, asked)}
        return ask_for_messages(
            session,
            [
                _asked(rows[one.enrolment_id], one, news, due_at)
                for one in about
                if one.enrolment_id in rows
            ],
        )


def tell_of_tomorrow(session: Session) -> int:
    """Tell whoever has a class tomorrow; returns how many are new. Harmless twice."""
    today = clock.today()
    since = datetime.combine(today + timedelta(days=1), time(), clock.CITY)
    with reaching_everywhere(session):
        days = {"since": since, "until": since + timedelta(days=1)}
        rows = session.connection().execute(TOMORROW, days).all()
    about = [
        About(row.enrolment_id, f":{row.meeting_id}", {"time": hour(row.starts_at)}) for row in rows
    ]
    due_at = datetime.combine(today, TOLD_OF_TOMORROW_AT, clock.CITY)
    return tell_each(session, about, News.TOMORROW, due_at=due_at)


def hour(at: datetime) -> str:
    """Return a moment as it stands in a message."""
    return f"{at.astimezone(clock.CITY):%m-%d %H:%M}"


def _asked(row: Any, about: About, news: News, due_at: datetime) -> Asked:
    facts = {"course": row.course, "place": row.place, "time": hour(row.starts_at)}
    return Asked(
        phone=row.phone,
        language=row.language,
        channel=Channel.SMS,
        kind=f"training.{news.value}",
        subject=f"enrolment:{row.enrolment_id}{about.subject}",
        facts=facts | dict(about.facts),
        due_at=due_at,
        expires_at=due_at + OF_USE,
    )
