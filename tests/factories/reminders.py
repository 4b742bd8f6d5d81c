"""Reminders that were sent."""

from datetime import timedelta

from server import clock
from server.caregivers.reminders.models import Reminder, ReminderKind


def make_reminder(session, caregiver, *, in_days=30, about=1, **given):
    """The caregiver was reminded today of something in so many days."""
    today = clock.today()
    about_on = today + timedelta(days=in_days)
    values = {
        "kind": ReminderKind.CERTIFICATE,
        "subject": f"certificate:{about}:{about_on}",
        "rung": -in_days,
        "recipient": f"caregiver:{caregiver.id}",
        "caregiver_id": caregiver.id,
        "site_id": caregiver.keeper_site_id,
        "about_on": about_on,
        "due_on": today,
        "facts": {},
        "reached": True,
        "asked_at": clock.now(),
    } | given
    reminder = Reminder(**values)
    session.add(reminder)
    session.flush()
    return reminder
