"""Who is told what of a claim: returned, decided, or soon too late."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

OF_USE = timedelta(days=5)
NEAR = timedelta(days=3)
TOLD_AT = time(9)
# Whoever began a claim hears of it: the member of staff, or the account's holder.
MAKERS = text(
    """
    SELECT c.id, v.content -> 'name' ->> 'zh' AS zh, v.content -> 'name' ->> 'en' AS en,
           to_char(c.first_month, 'YYYY-MM') AS month, c.closes_on,
           (SELECT max(s.number) FROM subsidy_claim_step s WHERE s.claim_id = c.id) AS number,
           coalesce(s.phone, a.phone, '') AS phone,
           coalesce(s.language, a.language, 'zh-CN') AS language,
           c.made_account AS account_id, c.made_by AS staff_id
      FROM subsidy_claim c JOIN policy_version v ON v.id = c.version_id
      LEFT JOIN staff s ON s.id = c.made_by AND s.disabled_at IS NULL
      LEFT JOIN account a ON a.id = c.made_account AND a.closed_at IS NULL
     WHERE c.id = ANY (:ids) AND coalesce(s.id, a.id) IS NOT NULL
     ORDER BY c.id
    """
)
ENDING = text(
    """
    SELECT id FROM subsidy_claim
     WHERE state = 'draft' AND closes_on BETWEEN :today AND :near ORDER BY id
    """
)


class News(StrEnum):
    """What is told; the catalogues hold a sentence for each, of the kind `subsidies.…`."""

    RETURNED = "claim_returned"
    DECIDED = "claim_decided"
    REFUSED = "claim_refused"
    DEADLINE = "claim_deadline"


def tell(session: Session, claim_ids: Sequence[int], news: News) -> int:
    """Put a message for each claim's maker into the outbox; returns how many are new."""
    if not claim_ids:
        return 0
    with reaching_everywhere(session):
        rows = session.connection().execute(MAKERS, {"ids": list(claim_ids)}).all()
        return ask_for_messages(session, [_asked(row, news) for row in rows])


def tell_of_deadlines(session: Session) -> int:
    """Tell whoever began a claim that its window closes soon. Harmless twice."""
    today = clock.today()
    with reaching_everywhere(session):
        asked = {"today": today, "near": today + NEAR}
        ids = session.connection().execute(ENDING, asked).scalars().all()
    return tell(session, ids, News.DEADLINE)


def _asked(row: Any, news: News) -> Asked:
    facts = {
        "programme": row.en if row.language == "en" else row.zh,
        "month": row.month,
        "day": row.closes_on.isoformat() if row.closes_on else "",
    }
    is_ahead = news is News.DEADLINE
    about, due_at = ("", _morning(row.closes_on - NEAR)) if is_ahead else (f":{row.number}", None)
    due_at = due_at or clock.now()
    return Asked(
        phone=row.phone,
        language=row.language,
        channel=Channel.SMS,
        kind=f"subsidies.{news.value}",
        subject=f"subsidy_claim:{row.id}{about}",
        facts=facts,
        due_at=due_at,
        expires_at=due_at + OF_USE,
        account_id=row.account_id,
        staff_id=row.staff_id,
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, TOLD_AT, clock.CITY)
