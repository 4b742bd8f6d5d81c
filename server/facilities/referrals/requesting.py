"""A referral is asked for, and taken back."""

from datetime import timedelta

from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.errors import NotFound
from server.facilities import rules as stay_rules
from server.facilities.models import BedKind, Stay, StayStatus
from server.facilities.queries.stays import get_stay
from server.facilities.referrals import rules
from server.facilities.referrals.errors import HasAReferral, StaysThere
from server.facilities.referrals.models import (
    OPEN,
    Referral,
    ReferralReason,
    ReferralState,
    RequestedBy,
)
from server.facilities.referrals.steps import close, hold_still
from server.facilities.stays import taking
from server.facilities.stays.knowing import check_open, let_site_know
from server.policies.queries import get_figures


@all_or_nothing
def request_referral(
    session: Session,
    *,
    resident_id: int,
    from_stay_id: int | None,
    to_site_id: int,
    to_kind: BedKind,
    reason: ReferralReason,
    basis: str,
    requested_by: RequestedBy,
    keeps_bed: bool = False,
    wished_bed_id: int | None = None,
) -> Referral:
    """Ask a facility to take a person, out of a stay or from home.

    The facility may see from now on who the person is, until it has answered. Raises
    `HasAReferral`, `StaysThere`, `StayNotSo`, `ResidentGone`, `FacilityNotOpen`, `RuleMissing`,
    `NotFound`.
    """
    taking.lock_person(session, resident_id)
    stay = _stay_of(session, from_stay_id, resident_id)
    if stay is not None and (stay.site_id, stay.kind) == (to_site_id, to_kind):
        raise StaysThere()
    check_open(session, to_site_id)
    same_site = stay is not None and stay.site_id == to_site_id
    days = get_figures(session, [rules.DECIDE_DAYS], on=clock.today())[rules.DECIDE_DAYS].value
    referral = Referral(
        resident_id=resident_id,
        from_stay_id=from_stay_id,
        from_site_id=stay.site_id if stay else None,
        from_kind=stay.kind if stay else None,
        keeps_bed=keeps_bed
        and stay is not None
        and rules.may_suspend(to_kind, same_site=same_site),
        to_site_id=to_site_id,
        to_kind=to_kind,
        wished_bed_id=wished_bed_id,
        reason=reason,
        basis=basis,
        requested_by=requested_by,
        requested_at=clock.now(),
        decide_by=rules.decide_by(clock.today(), days=days),
        state=ReferralState.REQUESTED,
    )
    return _ask(session, referral)


@all_or_nothing
def withdraw(session: Session, referral_id: int) -> Referral:
    """Take a referral back, and give a bed free that was held for it.

    Raises `ReferralNotSo`, `NotFound`.
    """
    referral = hold_still(session, referral_id)
    rules.check_state(referral, *OPEN)
    return close(session, referral, ReferralState.WITHDRAWN)


def _stay_of(session: Session, stay_id: int | None, resident_id: int) -> Stay | None:
    if stay_id is None:
        return None
    stay = get_stay(session, stay_id)
    if stay.resident_id != resident_id:
        raise NotFound()
    stay_rules.check_status(stay.status, StayStatus.STAYING, StayStatus.AWAY)
    return stay


def _ask(session: Session, referral: Referral) -> Referral:
    broken = {"uq_referral_one_open": HasAReferral(), "fk_referral_wished_bed": NotFound()}
    with refusing(session, broken):
        session.add(referral)
    let_site_know(
        session,
        referral.resident_id,
        referral.to_site_id,
        until=referral.decide_by + timedelta(days=1),
    )
    return referral
