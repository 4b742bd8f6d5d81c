"""What the demo's people were written: read and unread, and some whom nothing reached."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM message WHERE subject LIKE 'demo:%')")
# Those whom visitors of the demo sign in as come first.
ACCOUNTS = text(
    "SELECT phone, language FROM account WHERE closed_at IS NULL ORDER BY phone LIMIT 12"
)
WRITTEN = (
    ("care_order.assigned", {"time": "11-23 09:00", "worker": "连翘"}, timedelta(hours=3)),
    ("meals.menu_changed", {"time": "11-22 11:30"}, timedelta(days=1)),
    ("meals.canteen_closed",
     {"canteen": "建设路老年食堂", "time": "11-20 11:30", "reason": "设备检修"}, timedelta(days=3)),
)  # fmt: skip
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
           seen_at = CASE WHEN kind = 'care_order.assigned' THEN NULL ELSE due_at END
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
      FROM message WHERE subject LIKE 'demo:%'
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
    accounts = [(row.phone, row.language) for row in session.connection().execute(ACCOUNTS)]
    others = [(row.phone, "zh-CN") for row in session.connection().execute(WITHOUT_THE_APP)]
    written = [(one, what) for one in accounts for what in WRITTEN]
    written += [(one, WRITTEN[0]) for one in others]
    ask_for_messages(
        session,
        [
            Asked(phone, language, Channel.SMS, kind, f"demo:{kind}", facts, now - ago)
            for (phone, language), (kind, facts, ago) in written
        ],
    )
    for statement in (SENT, NOT_REACHED, STEPS):
        session.connection().execute(statement)
