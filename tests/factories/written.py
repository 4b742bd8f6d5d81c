"""What became of a message, who was called and who looked; and where people are reached."""

from datetime import timedelta

from server import clock
from server.caregivers.asking.models import CaregiverOpening
from server.notifications.calling import note_call
from server.notifications.models import (
    CallOutcome,
    Channel,
    MessageOpening,
    MessageOptOut,
    MessageStep,
    Platform,
    PushDevice,
    PushDeviceKind,
    StaffEmail,
    StepResult,
)


def make_written(session, message_id, *, account, officer, sign):
    """How the message went, and by which ways its reader and the officer are reached."""
    now = clock.now()
    session.add_all(
        [
            MessageStep(
                message_id=message_id, channel=Channel.SMS, result=StepResult.FAILED, ended_at=now
            ),
            MessageOptOut(account_id=account.id, topic="meals", channel=Channel.SMS, since=now),
            PushDevice(
                account_id=account.id, kind=PushDeviceKind.TOKEN, value=f"{sign}-token",
                platform=Platform.WEB, last_seen_at=now,
            ),
            StaffEmail(staff_id=officer.id, address=f"{sign}@example.cn", entered_at=now),
        ]
    )  # fmt: skip
    session.flush()


def make_looked_into(office, message_id, caregiver_id):
    """Somebody of the office opened the message and the caregiver's number, and rang nobody up."""
    now = clock.now()
    looked = {
        "staff_id": office.staff.id, "reason": "核实", "opened_at": now,
        "expires_at": now + timedelta(minutes=30),
    }  # fmt: skip
    with office.at_work() as session:
        session.add(MessageOpening(message_id=message_id, **looked))
        session.add(CaregiverOpening(caregiver_id=caregiver_id, **looked))
        note_call(session, message_id, CallOutcome.NOT_REACHED)
