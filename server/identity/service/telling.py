"""Tell members of staff what was done with their account."""

from sqlmodel import Session

from server import clock
from server.identity.models import Staff
from server.notifications.models import Channel
from server.notifications.service import ask_for_message


def tell_staff(session: Session, staff: Staff, kind: str) -> None:
    """Who has left a phone number learns what was done, so that a stranger's doing is noticed."""
    if staff.phone is None:
        return
    ask_for_message(
        session,
        phone=staff.phone,
        language=staff.language,
        channel=Channel.SMS,
        kind=kind,
        subject=f"staff:{staff.id}",
        facts={"sign_in_name": staff.sign_in_name},
        due_at=clock.now(),
    )
