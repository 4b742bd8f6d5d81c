"""The few statements that take a bed, give it back, and hold rows still meanwhile."""

from datetime import date

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.errors import NotFound
from server.facilities.errors import (
    BedOfAnotherKind,
    BedTaken,
    DayOutOfReach,
    HasABed,
)
from server.facilities.models import Bed, BedOccupancy, BedState, Stay
from server.facilities.queries.stays import get_stay
from server.residents.errors import ResidentGone
from server.residents.models import Resident


def lock_person(session: Session, resident_id: int) -> None:
    """Hold the person's row until the end of the transaction.

    Raises `NotFound`, and `ResidentGone` where the person has died or moved away: what begins here
    goes on, so that a first day before the departure does not let it.
    """
    gone_on = func.least(col(Resident.died_on), col(Resident.moved_away_on))
    query = (
        select(gone_on)
        .where(col(Resident.id) == resident_id)
        .with_for_update(key_share=True, of=Resident)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    if row[0] is not None:
        raise ResidentGone()


def lock_stay(session: Session, stay_id: int) -> Stay:
    """Hold a stay until the end of the transaction, and its person before it; raises `NotFound`.

    Everybody holds in this order, a report of death too.
    """
    resident_id = get_stay(session, stay_id).resident_id
    person = select(col(Resident.id)).where(col(Resident.id) == resident_id)
    session.execute(person.with_for_update(key_share=True, of=Resident))
    query = select(Stay).where(col(Stay.id) == stay_id).with_for_update(key_share=True, of=Stay)
    stay: Stay = session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return stay


def lock_bed(session: Session, bed_id: int, *, site_id: int | None = None) -> Bed:
    """Hold a bed's row until the end of the transaction; raises `NotFound`."""
    query = select(Bed).where(col(Bed.id) == bed_id).with_for_update(key_share=True, of=Bed)
    if site_id is not None:
        query = query.where(col(Bed.site_id) == site_id)
    bed: Bed | None = session.execute(query).scalar_one_or_none()
    if bed is None:
        raise NotFound()
    return bed


def take(
    session: Session,
    bed: Bed,
    state: BedState,
    *,
    starts_on: date,
    ends_on: date | None = None,
    stay: Stay | None = None,
    reason: str = "",
) -> BedOccupancy:
    """Take the bed from a day until the day before another.

    Raises `BedTaken`, and `HasABed` where the person is in another bed on one of those days.
    """
    now = clock.now()
    assert bed.id is not None, "a locked bed has a number"
    taking = BedOccupancy(
        bed_id=bed.id,
        site_id=bed.site_id,
        kind=bed.kind,
        state=state,
        stay_id=stay.id if stay else None,
        resident_id=stay.resident_id if stay else None,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        recorded_at=now,
        end_recorded_at=now if ends_on else None,
    )
    broken = {
        "ex_bed_occupancy_one_in_a_bed": BedTaken(bed=bed.label),
        "ex_bed_occupancy_one_bed_each": HasABed(),
        "ex_bed_occupancy_one_bed_kept": HasABed(),
    }
    with refusing(session, broken):
        session.add(taking)
    return taking


def find_open(session: Session, stay: Stay) -> BedOccupancy | None:
    """Return what the stay takes with no end in sight, if it takes a bed at all."""
    return session.execute(
        select(BedOccupancy).where(
            col(BedOccupancy.stay_id) == stay.id,
            col(BedOccupancy.ends_on).is_(None),
            col(BedOccupancy.superseded_at).is_(None),
        )
    ).scalar_one_or_none()


def give_back(session: Session, taking: BedOccupancy, *, on: date) -> None:
    """Let the bed be free from that day on; what would have begun that day never was.

    Raises `DayOutOfReach` for a day before it was taken.
    """
    if on < taking.starts_on:
        raise DayOutOfReach(earliest=taking.starts_on.isoformat(), latest=clock.today().isoformat())
    if on == taking.starts_on:
        taking.superseded_at = clock.now()
    else:
        taking.ends_on, taking.end_recorded_at = on, clock.now()
    session.flush()


def drop_hold(session: Session, stay: Stay, *, on: date) -> None:
    """A hold that was used or cancelled takes no day from that day on."""
    now = clock.now()
    held = (
        col(BedOccupancy.stay_id) == stay.id,
        col(BedOccupancy.state) == BedState.HELD,
        col(BedOccupancy.superseded_at).is_(None),
    )
    begun, ahead = col(BedOccupancy.starts_on) < on, col(BedOccupancy.starts_on) >= on
    ends = {"ends_on": on, "end_recorded_at": now}
    session.execute(
        update(BedOccupancy).where(*held, begun, col(BedOccupancy.ends_on) > on).values(ends)
    )
    session.execute(update(BedOccupancy).where(*held, ahead).values(superseded_at=now))


def check_same_kind(stay: Stay, bed: Bed) -> None:
    """Raise `BedOfAnotherKind`: between kinds of beds leads a referral, not a move."""
    if bed.kind is not stay.kind:
        raise BedOfAnotherKind(bed=bed.label)
