"""The code at the door: new every thirty seconds, signed, good for one meeting and a short while.

The platform's index key signs the meeting and the step of the clock. Whoever reads the code can
tell neither the next one nor another meeting's. Six digits of the same signature can be typed in.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.secrets.fields import keyring

STEP = timedelta(seconds=30)
STEPS_BESIDE = 1  # A code is good in its own step, the one before and the one after.
OPEN_AROUND = timedelta(minutes=30)
FIELD = "course_meeting.door"
DIGITS = 6
HEAD = "YLT1"
SIGNED_BYTES = 12


@dataclass(frozen=True)
class DoorCode:
    """What the door shows: `scanned` as a QR code, `typed` in large figures, until `changes_at`."""

    scanned: str
    typed: str
    changes_at: datetime


def code_of(meeting_id: int, at: datetime) -> DoorCode:
    """Return the code of a meeting's door at a moment."""
    step = step_of(at)
    signed = _sign(meeting_id, step)
    changes_at = datetime.fromtimestamp((step + 1) * STEP.total_seconds(), tz=at.tzinfo)
    scanned = f"{HEAD}.{meeting_id}.{step}.{signed.hex()}"
    return DoorCode(scanned, _digits(signed), changes_at)


def meeting_in(given: str) -> int | None:
    """Return the meeting that a scanned code names, None for digits and for anything else."""
    parts = given.strip().split(".")
    is_scanned = len(parts) == 4 and parts[0] == HEAD and parts[1].isdecimal()
    return int(parts[1]) if is_scanned and len(parts[1]) < 19 else None


def is_good(given: str, meeting_id: int, at: datetime) -> bool:
    """True where the scanned or typed code is this meeting's now."""
    given = given.strip()
    good = False
    for step in range(step_of(at) - STEPS_BESIDE, step_of(at) + STEPS_BESIDE + 1):
        signed = _sign(meeting_id, step)
        for true in (f"{HEAD}.{meeting_id}.{step}.{signed.hex()}", _digits(signed)):
            good |= hmac.compare_digest(true.encode(), given.encode())
    return good


def is_open(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """True from half an hour before a meeting until half an hour after it."""
    return starts_at - OPEN_AROUND <= at <= ends_at + OPEN_AROUND


def step_of(at: datetime) -> int:
    """Return the number of the thirty seconds that the moment lies in."""
    return int(at.timestamp() // STEP.total_seconds())


def _sign(meeting_id: int, step: int) -> bytes:
    return keyring().digest(f"{meeting_id}/{step}", FIELD)[:SIGNED_BYTES]


def _digits(signed: bytes) -> str:
    return f"{int.from_bytes(signed[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
