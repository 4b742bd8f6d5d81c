"""What a stay tells of where somebody eats; the canteens, which know nothing of beds, listen."""

from datetime import date

from sqlmodel import Session

from server import events
from server.facilities.models import AT_PEOPLES_HOMES, BedState, EndReason, Stay
from server.residents.whereabouts import AwayCause, ResidentAway, ResidentBack

GONE = (EndReason.DIED, EndReason.MOVED_AWAY)


def tell_began(session: Session, stay: Stay, *, on: date) -> None:
    """Whoever moves into a house eats there; a bed at home changes nothing."""
    if stay.kind not in AT_PEOPLES_HOMES:
        events.publish(session, ResidentAway(stay.resident_id, AwayCause.IN_CARE_HOME, on))


def tell_away(session: Session, stay: Stay, state: BedState, *, on: date) -> None:
    """Whoever has a bed at home and is in hospital eats there; from a house they were away."""
    if stay.kind in AT_PEOPLES_HOMES and state is BedState.IN_HOSPITAL:
        events.publish(session, ResidentAway(stay.resident_id, AwayCause.IN_HOSPITAL, on))


def tell_back(session: Session, stay: Stay, *, on: date) -> None:
    """Back in a bed at home; back in a house is still away from home."""
    if stay.kind in AT_PEOPLES_HOMES:
        events.publish(session, ResidentBack(stay.resident_id, AwayCause.IN_HOSPITAL, on))


def tell_ended(session: Session, stay: Stay, reason: EndReason, *, on: date) -> None:
    """Whoever leaves a house is at home, unless they go to hospital; a departure tells its own."""
    if reason in GONE:
        return
    if stay.kind not in AT_PEOPLES_HOMES:
        events.publish(session, ResidentBack(stay.resident_id, AwayCause.IN_CARE_HOME, on))
    if reason is EndReason.TO_HOSPITAL:
        events.publish(session, ResidentAway(stay.resident_id, AwayCause.IN_HOSPITAL, on))
