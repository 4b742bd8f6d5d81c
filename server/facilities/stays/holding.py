"""A bed is held for somebody, for some days, and then it is admitted, cancelled, or lapses."""

from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col

from server import clock, events
from server.db.refusals import all_or_nothing, refusing
from server.facilities import rules
from server.facilities.errors import HasAHold
from server.facilities.events import BedHeld
from server.facilities.models import BedState, Stay, StayStatus
from server.facilities.stays import taking
from server.facilities.stays.knowing import check_open, let_know
from server.policies.queries import get_figures


@all_or_nothing
def hold_bed(
    session: Session, *, bed_id: int, resident_id: int, planned_on: date, note: str = ""
) -> Stay:
    """Hold a bed for a person who is expected on a day.

    The hold takes the bed from that day, and counts no more after `beds.hold_days` days: nothing
    needs to run for it. Raises `BedTaken`, `HasAHold`, `DayOutOfReach`, `ResidentGone`,
    `FacilityNotOpen`, `RuleMissing`, `NotFound`.
    """
    rules.check_planned(planned_on, today=clock.today())
    taking.lock_person(session, resident_id)
    bed = taking.lock_bed(session, bed_id)
    check_open(session, bed.site_id)
    events.publish(session, BedHeld(bed_id, resident_id, bed.kind))

    stay = Stay(
        resident_id=resident_id,
        site_id=bed.site_id,
        kind=bed.kind,
        status=StayStatus.HELD,
        planned_on=planned_on,
        hold_until=_hold_until(session, planned_on),
        note=note,
    )
    lapse_holds(session, resident_id=resident_id)
    with refusing(session, {"uq_stay_one_hold": HasAHold()}):
        session.add(stay)
    taking.take(
        session,
        bed,
        BedState.HELD,
        starts_on=planned_on,
        ends_on=stay.hold_until,
        stay=stay,
    )
    let_know(session, stay, until=stay.hold_until)
    return stay


@all_or_nothing
def cancel_hold(session: Session, stay_id: int) -> Stay:
    """Give a held bed free again; raises `StayNotSo`, `NotFound`."""
    stay = taking.lock_stay(session, stay_id)
    rules.check_status(stay.status, StayStatus.HELD)
    stay.status = StayStatus.CANCELLED
    taking.drop_hold(session, stay, on=clock.today())
    session.flush()
    return stay


def lapse_holds(session: Session, *, resident_id: int | None = None) -> int:
    """Say of holds whose days are over that they lapsed; returns how many. Harmless twice."""
    over = update(Stay).where(
        col(Stay.status) == StayStatus.HELD, col(Stay.hold_until) <= clock.today()
    )
    if resident_id is not None:
        over = over.where(col(Stay.resident_id) == resident_id)
    lapsed = session.execute(over.values(status=StayStatus.LAPSED).returning(col(Stay.id)))
    return len(lapsed.all())


def _hold_until(session: Session, planned_on: date) -> date:
    figure = get_figures(session, [rules.HOLD_DAYS], on=planned_on)[rules.HOLD_DAYS]
    return rules.hold_until(planned_on, hold_days=figure.value)
