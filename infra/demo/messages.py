"""What the demo's people were written: read and unread, and some whom nothing reached."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.caregivers.reminders.models import OF_CAREGIVERS
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM message WHERE subject LIKE 'demo:%')")
# Those whom visitors of the demo sign in as come first.
ACCOUNTS = text(
    "SELECT phone, language FROM account a WHERE closed_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM caregiver c WHERE c.account_id = a.id)"
    " ORDER BY phone LIMIT 12"
)
# Whoever works in care is reminded of what they need themselves.
CAREGIVERS = text(
    """
    SELECT a.phone, a.language, min(k.valid_until) AS day
      FROM caregiver c
      JOIN account a ON a.id = c.account_id AND a.closed_at IS NULL
      JOIN skill_certificate k ON k.caregiver_id = c.id
     GROUP BY a.id ORDER BY a.id
    """
)
# What offices were told of the reminders of the demo, by the digest that each of them reads.
OFFICES = text(
    """
    WITH named AS (
        SELECT r.staff_id, x.kind, count(*) AS many
          FROM staff_role r
          JOIN reminder x ON x.done_on IS NULL AND x.caregiver_id IS NOT NULL
          JOIN site s ON s.id = x.site_id
         WHERE (r.role = 'facility_operator' AND x.site_id = r.site_id)
            OR (r.role = 'county_officer' AND s.division_code LIKE r.division_code || '%')
         GROUP BY r.staff_id, x.kind)
    SELECT named.staff_id, max(r.role) AS role, sum(many)::int AS count,
           jsonb_object_agg(named.kind, many) AS by_kind
      FROM named JOIN staff_role r ON r.staff_id = named.staff_id
     GROUP BY named.staff_id ORDER BY named.staff_id
    """
)
DIGESTS = {"facility_operator": "reminders.site_digest", "county_officer": "reminders.county_list"}
# Elders without the app; whoever they did not hear from calls them.
WITHOUT_THE_APP = text(
    """
    SELECT r.phone FROM resident r
     WHERE r.phone IS NOT NULL AND r.died_on IS NULL AND r.moved_away_on IS NULL
       AND r.village_code LIKE (SELECT division_code || '%' FROM staff_role
                                 WHERE role = 'county_officer' ORDER BY id LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM account a WHERE a.phone = r.phone)
     ORDER BY r.id LIMIT 3
    """
)
# All went out by text message; the older ones were opened, and three numbers were not reached.
SENT = text(
    """
    UPDATE message SET status = 'sent', sent_at = due_at, try_at = due_at,
           seen_at = CASE WHEN kind = 'care_order.assigned' OR kind LIKE 'reminders.%' THEN NULL
                          ELSE due_at END
     WHERE subject LIKE 'demo:%'
    """
)
NOT_REACHED = text(
    """
    UPDATE message SET status = 'calling', channel = 'call', sent_at = NULL, seen_at = NULL,
           failure = 'http-400'
     WHERE subject LIKE 'demo:%' AND account_id IS NULL AND staff_id IS NULL
    """
)
STEPS = text(
    """
    INSERT INTO message_step (message_id, channel, result, ended_at, reason, provider_id)
    SELECT id, 'sms', CASE WHEN status = 'calling' THEN 'failed' ELSE 'sent' END, due_at,
           coalesce(failure, ''), 'demo-' || id
      FROM message WHERE subject LIKE 'demo:%' AND staff_id IS NULL
     UNION ALL
    SELECT id, 'inbox', 'seen', seen_at, '', '' FROM message
     WHERE subject LIKE 'demo:%' AND seen_at IS NOT NULL
    """
)


def are_messages_there(session: Session) -> bool:
    """True in a demo whose people were written to."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_messages(session: Session) -> None:
    """Write to the first accounts, as if it had been days ago; nothing of it is sent now."""
    now = clock.now()
    written_to = _written(now)
    accounts = [(row.phone, row.language) for row in session.connection().execute(ACCOUNTS)]
    others = [(row.phone, "zh-CN") for row in session.connection().execute(WITHOUT_THE_APP)]
    written = [(one, what) for one in accounts for what in written_to]
    written += [(one, written_to[0]) for one in others]
    ask_for_messages(
        session,
        [
            Asked(phone, language, Channel.SMS, kind, f"demo:{kind}", facts, now - ago)
            for (phone, language), (kind, facts, ago) in written
        ]
        + _to_caregivers(session, now - timedelta(hours=7))
        + _to_offices(session, now - timedelta(hours=6)),
    )
    for statement in (SENT, NOT_REACHED, STEPS):
        session.connection().execute(statement)


def _written(now: datetime) -> Sequence[tuple[str, dict[str, Any], timedelta]]:
    """What elders were written: kind, facts, and how long ago; each is about its own day."""
    today = clock.day_of(now)
    return (
        ("care_order.assigned", {"time": _at(today, 1, time(9)), "worker": "连翘"},
         timedelta(hours=3)),
        ("meals.menu_changed", {"time": _at(today, 0, time(11, 30))}, timedelta(days=1)),
        ("meals.canteen_closed",
         {"canteen": "建设路老年食堂", "time": _at(today, -2, time(11, 30)), "reason": "设备检修"},
         timedelta(days=3)),
    )  # fmt: skip


def _at(today: date, days: int, at: time) -> str:
    return f"{today + timedelta(days=days):%m-%d} {at:%H:%M}"


def _to_caregivers(session: Session, at: datetime) -> list[Asked]:
    kind = "reminders.certificate"
    return [
        Asked(row.phone, row.language, Channel.SMS, kind, f"demo:{kind}",
              {"day": row.day.isoformat()}, at)
        for row in session.connection().execute(CAREGIVERS)
    ]  # fmt: skip


def _to_offices(session: Session, at: datetime) -> list[Asked]:
    none = dict.fromkeys((kind.value for kind in OF_CAREGIVERS), 0)
    return [
        Asked("", "zh-CN", Channel.SMS, DIGESTS[row.role], f"demo:{DIGESTS[row.role]}",
              {"count": row.count, **none, **row.by_kind}, at, staff_id=row.staff_id)
        for row in session.connection().execute(OFFICES)
        if row.role in DIGESTS
    ]  # fmt: skip
