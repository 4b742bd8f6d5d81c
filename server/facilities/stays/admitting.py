"""Somebody moves in, with or without a hold."""

from datetime import date, timedelta

from sqlmodel import Session

from server import clock, events
from server.db.refusals import all_or_nothing, refusing
from server.facilities import rules
from server.facilities.errors import BedNotReady, HasABed, HoldLapsed
from server.facilities.events import StayBegan
from server.facilities.models import Bed, BedState, Stay, StayStatus
from server.facilities.queries.stays import get_held_bed_id
from server.facilities.stays import taking
from server.facilities.stays.knowing import check_open, let_know
from server.facilities.stays.leaving_home import leave_home_bed
from server.facilities.stays.suspending_home import suspend_home_bed
from server.facilities.stays.whereabouts import tell_began


@all_or_nothing
def admit(
    session: Session, *, bed_id: int, resident_id: int, admitted_on: date, note: str = ""
) -> Stay:
    """Let a person move into a bed, from the night of a day on.

    Whoever moves into a house leaves a bed at home by it; beside a medical bed it is kept. Raises
    `BedTaken`, `HasABed`, `BedNotReady`, `DayOutOfReach`, `ResidentGone`, `FacilityNotOpen`,
    `NotFound`.
    """
    _check_day(session, resident_id, admitted_on)
    bed = taking.lock_bed(session, bed_id)
    stay = Stay(
        resident_id=resident_id,
        site_id=bed.site_id,
        kind=bed.kind,
        status=StayStatus.STAYING,
        planned_on=admitted_on,
        hold_until=admitted_on + timedelta(days=1),
        admitted_on=admitted_on,
        note=note,
    )
    with refusing(session, {"uq_stay_one_at_a_site": HasABed()}):
        session.add(stay)
    return _move_in(session, stay, bed)


@all_or_nothing
def take_up(
    session: Session, stay_id: int, *, admitted_on: date, bed_id: int | None = None
) -> Stay:
    """Let the person for whom a bed is held move in, into that bed or another of the facility.

    Raises `HoldLapsed`, `StayNotSo`, and what `admit` raises.
    """
    stay = taking.lock_stay(session, stay_id)
    rules.check_status(stay.status, StayStatus.HELD)
    if stay.hold_until <= admitted_on:
        raise HoldLapsed(hold_until=stay.hold_until.isoformat())
    _check_day(session, stay.resident_id, admitted_on)
    held_bed = get_held_bed_id(session, stay)
    bed = taking.lock_bed(session, bed_id or held_bed, site_id=stay.site_id)

    taking.check_same_kind(stay, bed)
    taking.drop_hold(session, stay, on=admitted_on)
    stay.status, stay.admitted_on = StayStatus.STAYING, admitted_on
    with refusing(session, {"uq_stay_one_at_a_site": HasABed()}):
        session.add(stay)
    return _move_in(session, stay, bed)


def _check_day(session: Session, resident_id: int, admitted_on: date) -> None:
    rules.check_happened(admitted_on, today=clock.today())
    taking.lock_person(session, resident_id)


def _move_in(session: Session, stay: Stay, bed: Bed) -> Stay:
    check_open(session, bed.site_id)
    if bed.left_uncleaned_at is not None:
        raise BedNotReady(bed=bed.label)
    assert stay.admitted_on is not None, "whoever moves in does so on a day"
    leave_home_bed(session, stay, on=stay.admitted_on)
    suspend_home_bed(session, stay, on=stay.admitted_on)
    taking.take(session, bed, BedState.OCCUPIED, starts_on=stay.admitted_on, stay=stay)
    let_know(session, stay)
    events.publish(session, _began(stay, bed, stay.admitted_on))
    tell_began(session, stay, on=stay.admitted_on)
    return stay


def _began(stay: Stay, bed: Bed, on: date) -> StayBegan:
    assert stay.id is not None, "a stay that begins has its number"
    assert bed.id is not None, "a locked bed has a number"
    return StayBegan(stay.id, stay.resident_id, stay.site_id, stay.kind, bed.id, on)
