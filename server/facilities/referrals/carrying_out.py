"""Leave one bed and begin in the other, in one transaction: both or neither."""

from datetime import date

from sqlmodel import Session

from server.db.refusals import all_or_nothing
from server.db.sessions import reaching_everywhere
from server.facilities.models import EndReason, Stay, StayStatus
from server.facilities.queries.stays import get_held_bed_id, get_stay
from server.facilities.referrals import rules
from server.facilities.referrals.errors import BedUnnamed
from server.facilities.referrals.models import Referral, ReferralState
from server.facilities.referrals.queries import find_waiting_stay
from server.facilities.referrals.steps import decide, hold_still
from server.facilities.stays.admitting import take_up
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import cancel_hold
from server.facilities.stays.moving import come_back, go_to_hospital


@all_or_nothing
def carry_out(session: Session, referral_id: int, *, on: date, note: str = "") -> Referral:
    """Hand the person over on a day: the first stay ends, or is kept, and the second begins.

    Either facility may do it; a step that is refused leaves nothing half done. Raises
    `ReferralNotSo`, and whatever the end of a stay and the beginning of one raise.
    """
    referral = hold_still(session, referral_id)
    rules.check_state(referral, ReferralState.ACCEPTED)
    with reaching_everywhere(session):
        _leave(session, referral, on)
        _begin(session, referral, on)
        referral.handover_note, referral.handed_over_on = note, on
        decide(session, referral, ReferralState.CARRIED_OUT)
    return referral


def _leave(session: Session, referral: Referral, on: date) -> None:
    if referral.from_stay_id is None:
        return
    stay = get_stay(session, referral.from_stay_id)
    if referral.keeps_bed:
        go_to_hospital(session, referral.from_stay_id, since=on, keeps_bed=True)
    elif stay.status in (StayStatus.STAYING, StayStatus.AWAY):
        discharge(session, referral.from_stay_id, ended_on=on, reason=EndReason.TRANSFERRED)


def _begin(session: Session, referral: Referral, on: date) -> None:
    waiting = find_waiting_stay(session, referral)
    if waiting is not None:
        _return(session, referral, waiting, on)
    elif referral.held_stay_id is not None:
        take_up(session, referral.held_stay_id, admitted_on=on)
    else:
        raise BedUnnamed()  # the bed that was kept is kept no longer


def _return(session: Session, referral: Referral, waiting: Stay, on: date) -> None:
    """Back to where the person belongs: into the kept bed, or into the one held instead."""
    bed_id = None
    if referral.held_stay_id is not None:
        bed_id = get_held_bed_id(session, get_stay(session, referral.held_stay_id))
        cancel_hold(session, referral.held_stay_id)
    come_back(session, waiting.id or 0, on=on, bed_id=bed_id)
