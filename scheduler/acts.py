"""The platform's own acts: what a job or a delivery changes is written down as the timetable's."""

from contextlib import AbstractContextManager
from uuid import uuid4

from server.db.acts import Act, Face, acting


def acting_for(work: str, request_id: str | None = None) -> AbstractContextManager[Act]:
    """Let the block's transactions be the timetable's, each intention under an id of its own."""
    return acting(Act(Face.TIMETABLE, f"timetable.{work}", request_id or uuid4().hex, service=True))
