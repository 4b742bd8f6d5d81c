"""The last day of a stay."""

from datetime import date

from sqlmodel import Session

from server import clock, events
from server.db.refusals import all_or_nothing
from server.facilities import rules
from server.facilities.errors import DayOutOfReach
from server.facilities.events import StayEnded
from server.facilities.models import EndReason, Stay, StayStatus
from server.facilities.queries.stays import last_night_ends
from server.facilities.stays import taking
from server.facilities.stays.dying import tell_death
from server.facilities.stays.knowing import know_no_longer
from server.facilities.stays.whereabouts import tell_ended


@all_or_nothing
def discharge(session: Session, stay_id: int, *, ended_on: date, reason: EndReason) -> Stay:
    """End a stay: the person sleeps elsewhere from the night of `ended_on` on.

    The bed is free from that day, once it is cleaned; a death is put before the county. Raises
    `StayNotSo`, `DayOutOfReach`, `NotFound`.
    """
    rules.check_happened(ended_on, today=clock.today())
    stay = taking.lock_stay(session, stay_id)
    rules.check_status(stay.status, StayStatus.STAYING, StayStatus.AWAY)
    return end_stay(session, stay, ended_on=ended_on, reason=reason)


def end_stay(session: Session, stay: Stay, *, ended_on: date, reason: EndReason) -> Stay:
    """What every end of a stay does; `discharge` has looked whether it may."""
    first = last_night_ends(session, stay)
    if ended_on < first:
        raise DayOutOfReach(earliest=first.isoformat(), latest=clock.today().isoformat())
    current = taking.find_open(session, stay)
    if current is not None:
        leave_uncleaned(session, current.bed_id)
        taking.give_back(session, current, on=ended_on)
    stay.status, stay.ended_on, stay.end_reason = StayStatus.ENDED, ended_on, reason
    session.flush()
    know_no_longer(session, stay, ended_on=ended_on)
    if reason is EndReason.DIED:
        tell_death(session, stay)
    events.publish(session, _ended(stay, ended_on, reason))
    tell_ended(session, stay, reason, on=ended_on)
    return stay


def leave_uncleaned(session: Session, bed_id: int) -> None:
    """The next one may move in once the bed is cleaned; a bed in a home is its owner's to clean."""
    bed = taking.lock_bed(session, bed_id)
    if bed.room_id is not None:
        bed.left_uncleaned_at = clock.now()
        session.flush()


def _ended(stay: Stay, on: date, reason: EndReason) -> StayEnded:
    assert stay.id is not None, "a stay that ends has its number"
    return StayEnded(stay.id, stay.resident_id, stay.site_id, stay.kind, reason, on)
