"""An offer is taken or not; whoever takes it has the bed held."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.facilities.errors import BedTaken
from server.facilities.stays.holding import hold_bed
from server.facilities.waiting import rules
from server.facilities.waiting.errors import OfferOver
from server.facilities.waiting.joining import hold_still
from server.facilities.waiting.models import BedOffer, OfferState, WaitingEntry, WaitingState
from server.policies.queries import get_figures


@all_or_nothing
def accept_offer(session: Session, offer_id: int, *, planned_on: date) -> BedOffer:
    """Take the bed that is offered: it is held for the person from that day.

    Raises `OfferOver`, `HasAHold`, `DayOutOfReach`, `ResidentGone`, `FacilityNotOpen`, `NotFound`.
    """
    entry, offer = _hold_still(session, offer_id)
    rules.check_open(offer, now=clock.now())
    with reaching_everywhere(session):
        try:
            stay = hold_bed(
                session,
                bed_id=offer.bed_id,
                resident_id=offer.resident_id,
                planned_on=planned_on,
            )
        except BedTaken as taken:
            raise OfferOver() from taken
        offer.state, offer.answered_at, offer.stay_id = OfferState.ACCEPTED, clock.now(), stay.id
        entry.state, entry.ended_at = WaitingState.ACCEPTED, clock.now()
        session.flush()
    return offer


@all_or_nothing
def decline_offer(session: Session, offer_id: int) -> BedOffer:
    """Leave the bed to the next; the place in the list stays, with a pause before the next offer.

    Raises `OfferOver`, `RuleMissing`, `NotFound`.
    """
    entry, offer = _hold_still(session, offer_id)
    rules.check_open(offer, now=clock.now())
    figure = get_figures(session, [rules.PAUSE_HOURS], on=clock.today())[rules.PAUSE_HOURS]
    offer.state, offer.answered_at = OfferState.DECLINED, clock.now()
    entry.state = WaitingState.WAITING
    entry.paused_until = clock.now() + timedelta(hours=figure.value)
    session.flush()
    return offer


def _hold_still(session: Session, offer_id: int) -> tuple[WaitingEntry, BedOffer]:
    """Hold the person, the entry and the offer, in this order."""
    query = select(BedOffer).where(col(BedOffer.id) == offer_id)
    offer: BedOffer | None = session.execute(query).scalar_one_or_none()
    if offer is None:
        raise NotFound()
    entry = hold_still(session, offer.entry_id)
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return entry, session.execute(held).scalar_one()
