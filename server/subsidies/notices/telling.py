"""Makers of a run are told of its notice: published, objected to, over."""

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
            "programme": row.en if row.language == "en" else row.zh,
            "month": row.month,
            "day": day.isoformat(),
        },
        due_at=now,
        expires_at=now + OF_USE,
        staff_id=row.staff_id,
    )
