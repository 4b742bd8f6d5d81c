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
# Of a claim hear the clerk who wrote it down, the caregiver, and every phone that may ask for the
# elder today. An elder without one is written to by the number that the register knows.
TOLD = text(
    """
    WITH asked AS (SELECT * FROM subsidy_claim WHERE id = ANY (:ids)), phones AS (
        SELECT c.id, g.account_id, g.kind FROM asked c
          JOIN resident_grant g ON c.claimant = 'resident' AND g.resident_id = c.claimant_id
           AND g.starts_on <= :today AND (g.ends_on IS NULL OR g.ends_on > :today)
           AND (g.kind = 'self' OR 'apply' = ANY (g.scopes))
         UNION
        SELECT c.id, k.account_id, 'self' FROM asked c
          JOIN caregiver k ON c.claimant = 'caregiver' AND k.id = c.claimant_id
    ), told AS (
        SELECT c.id, NULL::bigint AS account_id, s.id AS staff_id, s.phone, s.language
          FROM asked c JOIN staff s ON s.id = c.made_by AND s.disabled_at IS NULL
         UNION ALL
        SELECT p.id, a.id, NULL, a.phone, a.language
          FROM phones p JOIN account a ON a.id = p.account_id AND a.closed_at IS NULL
         UNION ALL
        SELECT c.id, NULL, NULL, r.phone, 'zh-CN'
          FROM asked c JOIN resident r ON c.claimant = 'resident' AND r.id = c.claimant_id
         WHERE r.phone IS NOT NULL AND NOT EXISTS (SELECT 1 FROM phones p WHERE p.id = c.id)
    )
    SELECT c.id, v.content -> 'name' ->> 'zh' AS zh, v.content -> 'name' ->> 'en' AS en,
           to_char(c.first_month, 'YYYY-MM') AS month, c.closes_on,
           (SELECT max(s.number) FROM subsidy_claim_step s WHERE s.claim_id = c.id) AS number,
           coalesce(t.phone, '') AS phone, t.language, t.account_id, t.staff_id
      FROM asked c JOIN policy_version v ON v.id = c.version_id JOIN told t ON t.id = c.id
     ORDER BY c.id, t.staff_id, t.account_id
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
    """Put messages for everybody a claim concerns into the outbox; returns how many are new."""
    if not claim_ids:
        return 0
    with reaching_everywhere(session):
        asked = {"ids": list(claim_ids), "today": clock.today()}
        rows = session.connection().execute(TOLD, asked).all()
        return ask_for_messages(session, [_asked(row, news) for row in rows])


def tell_of_deadlines(session: Session) -> int:
    """Tell whoever has a claim not handed in that its window closes soon. Harmless twice."""
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
