"""Within a stay: on leave, in hospital, back again, and into another bed."""

from datetime import date

from sqlmodel import Session

from server import clock, events
from server.db.refusals import all_or_nothing
from server.facilities import rules
from server.facilities.errors import BedNotReady, StayNotSo
from server.facilities.events import StayResumed, StaySuspended
from server.facilities.models import BedOccupancy, BedState, Stay, StayStatus
from server.facilities.stays import taking
from server.facilities.stays.ending import leave_uncleaned
from server.facilities.stays.leaving_home import leave_home_bed
from server.facilities.stays.whereabouts import tell_away, tell_back

AWAY_WITH_BED = (BedState.ON_LEAVE, BedState.IN_HOSPITAL)


@all_or_nothing
def go_on_leave(session: Session, stay_id: int, *, since: date) -> BedOccupancy:
    """The person is at home for some days, and keeps the bed; raises `StayNotSo`, `NotFound`."""
    return _change_state(session, stay_id, BedState.ON_LEAVE, since, was=(BedState.OCCUPIED,))


@all_or_nothing
def go_to_hospital(
    session: Session, stay_id: int, *, since: date, keeps_bed: bool
) -> BedOccupancy | None:
    """The person is in hospital since a day; the bed is kept, or free for others from that day.

    Raises `StayNotSo`, `DayOutOfReach`, `NotFound`.
    """
    was = (BedState.OCCUPIED, BedState.ON_LEAVE)
    if keeps_bed:
        return _change_state(session, stay_id, BedState.IN_HOSPITAL, since, was=was)
    stay, current = _in_a_bed(session, stay_id, since, was)
    taking.give_back(session, current, on=since)
    stay.status = StayStatus.AWAY
    leave_uncleaned(session, current.bed_id)
    _tell_away(session, stay, BedState.IN_HOSPITAL, since)
    return None


@all_or_nothing
def come_back(
    session: Session, stay_id: int, *, on: date, bed_id: int | None = None
) -> BedOccupancy:
    """The person is back: in the kept bed, or in `bed_id`.

    Raises `BedTaken`, `HasABed`, `StayNotSo`, `DayOutOfReach`, `NotFound`.
    """
    stay = _staying(session, stay_id, on)
    current = taking.find_open(session, stay)
    if current is None and bed_id is None:
        raise StayNotSo(status=stay.status.value)
    if current is not None and current.state not in AWAY_WITH_BED:
        raise StayNotSo(status=current.state.value)
    if current is None:
        leave_home_bed(session, stay, on=on)
    kept_bed = current.bed_id if current is not None else 0
    taken = _into(session, stay, current, bed_id or kept_bed, BedState.OCCUPIED, on)
    assert stay.id is not None, "a stored stay has its number"
    events.publish(session, StayResumed(stay.id, stay.resident_id, stay.kind, taken.bed_id, on))
    tell_back(session, stay, on=on)
    return taken


@all_or_nothing
def move_to_bed(session: Session, stay_id: int, *, bed_id: int, on: date) -> BedOccupancy:
    """The person changes beds within the facility.

    Raises `BedTaken`, `BedNotReady`, `StayNotSo`, `DayOutOfReach`, `NotFound`.
    """
    stay, current = _in_a_bed(session, stay_id, on, tuple(BedState))
    return _into(session, stay, current, bed_id, current.state, on)


def _change_state(
    session: Session, stay_id: int, state: BedState, since: date, *, was: tuple[BedState, ...]
) -> BedOccupancy:
    stay, current = _in_a_bed(session, stay_id, since, was)
    taken = _into(session, stay, current, current.bed_id, state, since)
    _tell_away(session, stay, state, since)
    return taken


def _tell_away(session: Session, stay: Stay, state: BedState, since: date) -> None:
    assert stay.id is not None, "a stored stay has its number"
    events.publish(session, StaySuspended(stay.id, stay.resident_id, stay.kind, state, since))
    tell_away(session, stay, state, on=since)


def _into(
    session: Session,
    stay: Stay,
    current: BedOccupancy | None,
    bed_id: int,
    state: BedState,
    on: date,
) -> BedOccupancy:
    bed = taking.lock_bed(session, bed_id, site_id=stay.site_id)
    taking.check_same_kind(stay, bed)
    leaves_bed = current is not None and current.bed_id != bed.id
    if (current is None or leaves_bed) and bed.left_uncleaned_at is not None:
        raise BedNotReady(bed=bed.label)
    if current is not None:
        taking.give_back(session, current, on=on)
        if leaves_bed:
            leave_uncleaned(session, current.bed_id)
    stay.status = StayStatus.STAYING
    session.flush()
    return taking.take(session, bed, state, starts_on=on, stay=stay)


def _in_a_bed(
    session: Session, stay_id: int, on: date, was: tuple[BedState, ...]
) -> tuple[Stay, BedOccupancy]:
    stay = _staying(session, stay_id, on)
    current = taking.find_open(session, stay)
    if current is None or current.state not in was:
        raise StayNotSo(status=current.state.value if current else stay.status.value)
    return stay, current


def _staying(session: Session, stay_id: int, on: date) -> Stay:
    rules.check_happened(on, today=clock.today())
    stay = taking.lock_stay(session, stay_id)
    rules.check_status(stay.status, StayStatus.STAYING, StayStatus.AWAY)
    taking.lock_person(session, stay.resident_id)
    return stay
