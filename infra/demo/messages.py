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
# All went out by text message; the older ones were opened, and every fourth number was wrong.
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
     WHERE subject LIKE 'demo:%' AND kind = 'care_order.assigned' AND account_id % 4 = 0
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
    accounts = session.connection().execute(ACCOUNTS).all()
    ask_for_messages(
        session,
        [
            Asked(
                phone=row.phone,
                language=row.language,
                channel=Channel.SMS,
                kind=kind,
                subject=f"demo:{kind}",
                facts=facts,
                due_at=now - ago,
            )
            for row in accounts
            for kind, facts, ago in WRITTEN
        ],
    )
    for statement in (SENT, NOT_REACHED, STEPS):
        session.connection().execute(statement)
