"""How every step of a referral begins and ends. Order of locks: person, referral, stay, bed."""

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.facilities.models import StayStatus
from server.facilities.queries.stays import get_stay
from server.facilities.referrals.models import Referral, ReferralState
from server.facilities.referrals.queries import get_referral
from server.facilities.stays.holding import cancel_hold
from server.residents.models import Resident


def hold_still(session: Session, referral_id: int) -> Referral:
    """Hold the person and then the referral until the end of the transaction.

    Raises `NotFound` for a referral that the actor may not know of.
    """
    resident_id = get_referral(session, referral_id).resident_id
    person = select(col(Resident.id)).where(col(Resident.id) == resident_id)
    query = select(Referral).where(col(Referral.id) == referral_id).with_for_update(key_share=True)
    with reaching_everywhere(session):
        session.execute(person.with_for_update(key_share=True, of=Resident))
        held = session.execute(query.execution_options(populate_existing=True))
        referral: Referral = held.scalar_one()
    return referral


def close(session: Session, referral: Referral, state: ReferralState) -> Referral:
    """Let a referral end without anybody moving; a bed held for it is free again."""
    if referral.held_stay_id is not None:
        with reaching_everywhere(session):
            if get_stay(session, referral.held_stay_id).status is StayStatus.HELD:
                cancel_hold(session, referral.held_stay_id)
    return decide(session, referral, state)


def decide(session: Session, referral: Referral, state: ReferralState) -> Referral:
    """Write down how it was decided, when and by whom."""
    referral.state, referral.decided_at = state, clock.now()
    referral.decided_by = actor_of(session).staff_id
    session.flush()
    return referral
