"""Makers of a run are told of its notice: published, objected to, over; whoever objected by phone,
that there is an answer."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

OF_USE = timedelta(days=5)
MAKERS = text(
    """
    SELECT n.id, n.ends_on, v.content -> 'name' ->> 'zh' AS zh, v.content -> 'name' ->> 'en' AS en,
           to_char(r.first_month, 'YYYY-MM') AS month, s.id AS staff_id,
           coalesce(s.phone, '') AS phone, s.language,
           (SELECT max(o.due_on) FROM subsidy_objection o WHERE o.notice_id = n.id) AS answer_by,
           (SELECT count(*) FROM subsidy_objection o WHERE o.notice_id = n.id) AS objections
      FROM subsidy_notice n JOIN subsidy_run r ON r.id = n.run_id
      JOIN policy_version v ON v.id = r.version_id
      JOIN subsidy_run_hand h ON h.run_id = r.id AND h.part = 'maker'
      JOIN staff s ON s.id = h.staff_id AND s.disabled_at IS NULL
     WHERE n.id = ANY (:ids)
     ORDER BY n.id, s.id
    """
)
OBJECTED = text(
    """
    SELECT o.id, v.content -> 'name' ->> 'zh' AS zh, v.content -> 'name' ->> 'en' AS en,
           to_char(r.first_month, 'YYYY-MM') AS month, a.id AS account_id, a.phone, a.language
      FROM subsidy_objection o JOIN subsidy_notice n ON n.id = o.notice_id
      JOIN subsidy_run r ON r.id = n.run_id JOIN policy_version v ON v.id = r.version_id
      JOIN account a ON a.id = o.account_id AND a.closed_at IS NULL
     WHERE o.id = :objection
    """
)


class News(StrEnum):
    """What is told; the catalogues hold a sentence for each, of the kind `subsidies.…`."""

    PUBLISHED = "notice_published"
    PAYABLE = "run_payable"
    OBJECTION = "objection"


def tell(session: Session, notice_ids: Sequence[int], news: News) -> int:
    """Put messages for the makers into the outbox; returns how many are new."""
    with reaching_everywhere(session):
        rows = session.connection().execute(MAKERS, {"ids": list(notice_ids)}).all()
        return ask_for_messages(session, [_asked(row, news) for row in rows])


def tell_of_answer(session: Session, objection_id: int) -> int:
    """Put a message for whoever objected by phone into the outbox; returns how many are new."""
    now = clock.now()
    with reaching_everywhere(session):
        asked = {"objection": objection_id}
        rows = session.connection().execute(OBJECTED, asked).all()
        told = [
            Asked(
                phone=row.phone,
                language=row.language,
                channel=Channel.SMS,
                kind="subsidies.objection_answered",
                subject=f"subsidy_objection:{row.id}",
                facts={"programme": _programme(row), "month": row.month},
                due_at=now,
                expires_at=now + OF_USE,
                account_id=row.account_id,
            )
            for row in rows
        ]
        return ask_for_messages(session, told)


def _programme(row: Any) -> str:
    return str(row.en if row.language == "en" else row.zh)


def _asked(row: Any, news: News) -> Asked:
    now = clock.now()
    is_objection = news is News.OBJECTION
    day = row.answer_by if is_objection else row.ends_on
    return Asked(
        phone=row.phone,
        language=row.language,
        channel=Channel.SMS,
        kind=f"subsidies.{news.value}",
        subject=f"subsidy_notice:{row.id}" + (f":{row.objections}" if is_objection else ""),
        facts={
            "programme": _programme(row),
            "month": row.month,
            "day": day.isoformat(),
        },
        due_at=now,
        expires_at=now + OF_USE,
        staff_id=row.staff_id,
    )
