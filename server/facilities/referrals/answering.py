"""A facility accepts a referral with a bed, or declines it; one that nobody answers lapses."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.facilities.errors import BedOfAnotherKind
from server.facilities.models import Stay
from server.facilities.referrals import rules
from server.facilities.referrals.errors import BedUnnamed
from server.facilities.referrals.models import OPEN, Referral, ReferralState
from server.facilities.referrals.queries import find_waiting_stay
from server.facilities.referrals.steps import close, decide, hold_still
from server.facilities.stays import taking
from server.facilities.stays.holding import hold_bed

LAPSED_AT_ONCE = 200


@all_or_nothing
def accept(session: Session, referral_id: int, *, bed_id: int | None, planned_on: date) -> Referral:
    """Take the person in on a day: the bed named is held, a bed that was kept is enough.

    Raises `BedUnnamed`, `BedTaken`, `HasAHold`, `BedOfAnotherKind`, `ReferralNotSo`,
    `ReferralTooLate`, `DayOutOfReach`, `ResidentGone`, `FacilityNotOpen`, `NotFound`.
    """
    referral = hold_still(session, referral_id)
    rules.check_state(referral, ReferralState.REQUESTED)
    rules.check_in_time(referral, today=clock.today())
    if bed_id is None:
        _check_has_a_bed(session, referral)
    else:
        referral.held_stay_id = _hold(session, referral, bed_id, planned_on).id
    return decide(session, referral, ReferralState.ACCEPTED)


@all_or_nothing
def decline(session: Session, referral_id: int, *, reason: str) -> Referral:
    """Say why the person cannot be taken; raises `ReferralNotSo`, `NotFound`."""
    assert reason, "a referral is declined for a reason"
    referral = hold_still(session, referral_id)
    rules.check_state(referral, ReferralState.REQUESTED)
    referral.decline_reason = reason
    return close(session, referral, ReferralState.DECLINED)


def lapse_referrals(session: Session, *, limit: int = LAPSED_AT_ONCE) -> int:
    """Close what was not answered in time, and what was accepted and whose hold is over.

    The platform acts. Returns how many it closed. Harmless twice.
    """
    today = clock.today()
    unanswered = (col(Referral.state) == ReferralState.REQUESTED) & (
        col(Referral.decide_by) < today
    )
    unused = (col(Referral.state) == ReferralState.ACCEPTED) & (col(Stay.hold_until) <= today)
    query = (
        select(col(Referral.id))
        .outerjoin(Stay, col(Stay.id) == col(Referral.held_stay_id))
        .where(unanswered | unused)
        .order_by(col(Referral.resident_id), col(Referral.id))
        .limit(limit)
    )
    due = session.execute(query).scalars().all()
    return sum(_lapse(session, referral_id) for referral_id in due)


def _lapse(session: Session, referral_id: int) -> bool:
    referral = hold_still(session, referral_id)
    if referral.state not in OPEN:
        return False
    close(session, referral, ReferralState.LAPSED)
    return True


def _check_has_a_bed(session: Session, referral: Referral) -> None:
    """Raise `BedUnnamed` unless the facility has kept the person's bed."""
    stay = find_waiting_stay(session, referral)
    if stay is None or taking.find_open(session, stay) is None:
        raise BedUnnamed()


def _hold(session: Session, referral: Referral, bed_id: int, planned_on: date) -> Stay:
    bed = taking.lock_bed(session, bed_id, site_id=referral.to_site_id)
    if bed.kind is not referral.to_kind:
        raise BedOfAnotherKind(bed=bed.label)
    return hold_bed(session, bed_id=bed_id, resident_id=referral.resident_id, planned_on=planned_on)
