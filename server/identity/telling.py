"""Tell offices, and whoever else left a phone, each thing once, whenever it comes to be said."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.identity.models import Role
from server.notifications.service import Asked, ask_for_messages

OFFICES = text(
    """
    SELECT DISTINCT s.phone, s.language, o.role, o.division_code, o.site_id FROM staff_role o
      JOIN staff s ON s.id = o.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE o.role = ANY (:roles) AND o.starts_on <= :day
       AND (o.ends_on IS NULL OR o.ends_on > :day)
     ORDER BY s.phone
    """
)
# The outbox keeps apart what is due at two times; what is said late is due when it is said.
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('tell once', 0))")
SAID = text(
    """
    SELECT m.subject, m.kind, c.phone FROM message m JOIN contact c ON c.id = m.contact_id
     WHERE m.subject = ANY (:subjects)
    """
)


def list_reachable(session: Session, roles: Sequence[Role], *, day: date) -> Sequence[Row[Any]]:
    """Return (phone, language, role, division_code, site_id) of these offices with a phone."""
    asked = {"roles": [role.value for role in roles], "day": day}
    return session.connection().execute(OFFICES, asked).all()


def tell_once(session: Session, asked: Sequence[Asked]) -> int:
    """Ask for those messages that nobody asked for before, for any time; return how many.

    Two who ask at once are let in one after the other. The platform acts, and sees all messages.
    """
    if not asked:
        return 0
    run = session.connection()
    run.execute(ONE_AT_A_TIME)
    subjects = sorted({one.subject for one in asked})
    said = {tuple(row) for row in run.execute(SAID, {"subjects": subjects})}
    new = [one for one in asked if (one.subject, one.kind, one.phone) not in said]
    return ask_for_messages(session, new)
