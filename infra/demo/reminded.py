"""Of what the demo's caregivers were reminded in the last two months; nobody is written to."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.caregivers.reminders.asking import put_down
from server.caregivers.reminders.service import close_what_is_fixed, find_due

LOOKED_BACK = timedelta(days=60)
A_DAY = timedelta(days=1)
ANY_REMINDER = text("SELECT EXISTS (SELECT 1 FROM reminder)")
ANY_CAREGIVER = text("SELECT EXISTS (SELECT 1 FROM caregiver)")


def are_reminders_there(session: Session) -> bool:
    """True where somebody was reminded, and where there is nobody to remind."""
    run = session.connection()
    return (
        bool(run.execute(ANY_REMINDER).scalar_one()) or not run.execute(ANY_CAREGIVER).scalar_one()
    )


def put_reminders(session: Session) -> int:
    """Put down what fell on the last two months, as things stand today."""
    today = clock.today()
    due = find_due(session, today - LOOKED_BACK, today - A_DAY, day=today - A_DAY)
    new = put_down(session, due) if due else ()
    close_what_is_fixed(session, today)
    return len(new)
