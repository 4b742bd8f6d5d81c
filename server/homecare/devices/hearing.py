"""Heartbeats of devices in homes, batch by batch: one statement, and one row a device and day."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import Session

from server import clock

# How long a gateway may hold beats back, and how far its clock may run ahead.
HELD_BACK = timedelta(days=3)
AHEAD = timedelta(minutes=10)

HEAR = text(
    "SELECT * FROM hear_devices(CAST(:serials AS text[]), CAST(:ats AS timestamptz[]),"
    " :oldest, :newest)"
)


class Heard(StrEnum):
    """What became of a beat."""

    HEARD = "heard"
    NOT_YOURS = "not_yours"
    OUT_OF_TIME = "out_of_time"


@dataclass(frozen=True)
class Beat:
    """A device told that it is there, at that instant by its gateway's clock."""

    serial: str
    at: datetime


def hear(session: Session, beats: Sequence[Beat]) -> list[Heard]:
    """Take the beats of devices that the acting key speaks for; returns what became of each.

    A device that was put up elsewhere and one that is not there are told in the same word. A
    batch that comes again counts nothing again: of a day only what is later than its last beat
    counts.
    """
    now = clock.now()
    oldest, newest = now - HELD_BACK, now + AHEAD
    rows = session.connection().execute(
        HEAR,
        {
            "serials": [beat.serial for beat in beats],
            "ats": [beat.at for beat in beats],
            "oldest": oldest,
            "newest": newest,
        },
    )
    known: Set[str] = set(rows.scalars())
    return [_outcome(beat, known, is_timely=oldest <= beat.at <= newest) for beat in beats]


def _outcome(beat: Beat, known: Set[str], *, is_timely: bool) -> Heard:
    if beat.serial not in known:
        return Heard.NOT_YOURS
    return Heard.HEARD if is_timely else Heard.OUT_OF_TIME
