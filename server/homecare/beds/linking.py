"""五床联动: what happens in the beds of houses moves the bed at home, in the same transaction."""

from sqlalchemy import select
from sqlmodel import Session, col

from server.db.sessions import reaching_everywhere
from server.errors import DomainError
from server.facilities.errors import BedTaken
from server.facilities.events import (
    BedHeld,
    StayBegan,
    StayEnded,
    StayResumed,
    StaySuspended,
)
from server.facilities.models import Bed, BedKind, BedState, EndReason
from server.homecare.beds import occupying
from server.homecare.beds.knowing import facts_of, lock
from server.homecare.beds.steps import close, pause_by_itself, take_step
from server.homecare.models import HomeBed, HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.states import BED_LIFE, Step
from server.residents.assessments.events import AbilityLevelConfirmed
from server.residents.assessments.models import AbilityLevel

ELSEWHERE = (HomeBedPause.IN_A_HOME, HomeBedPause.IN_HOSPITAL)
WHY_PAUSED = {
    EndReason.TRANSFERRED: HomeBedPause.IN_A_HOME,
    EndReason.OTHER_HOME: HomeBedPause.IN_A_HOME,
    EndReason.TO_HOSPITAL: HomeBedPause.IN_HOSPITAL,
}


def follow_stay_begun(session: Session, event: StayBegan) -> None:
    """Somebody is back in their bed at home, by a referral: it serves again.

    Raises `BedTaken` where the bed stands in somebody else's home.
    """
    if event.kind is not BedKind.HOME_CARE:
        return
    with reaching_everywhere(session):
        _check_whose_home(session, event.bed_id, event.resident_id)
        bed = _find(session, event.resident_id, HomeBedState.PAUSED)
        if bed is not None and bed.site_id == event.site_id:
            lock(session, bed)
            take_step(session, bed, BED_LIFE.moves[Step.RESUME])
            bed.stay_id, bed.bed_id = event.stay_id, event.bed_id
            session.flush()


def follow_stay_ended(session: Session, event: StayEnded) -> None:
    """A stay at home that ends pauses the bed; one elsewhere that ends lets it go on."""
    with reaching_everywhere(session):
        if event.kind is BedKind.HOME_CARE:
            _pause(session, event)
        elif event.reason is EndReason.WENT_HOME:
            _go_on(session, event)


def follow_bed_held(session: Session, event: BedHeld) -> None:
    """The bed in somebody's home is held for nobody else; raises `BedTaken`."""
    if event.kind is BedKind.HOME_CARE:
        with reaching_everywhere(session):
            _check_whose_home(session, event.bed_id, event.resident_id)


def follow_stay_suspended(session: Session, event: StaySuspended) -> None:
    """Whoever is in hospital, or away with the bed kept, is not served at home meanwhile."""
    if event.kind is not BedKind.HOME_CARE:
        return
    in_hospital = event.state is BedState.IN_HOSPITAL
    with reaching_everywhere(session):
        bed = _find(session, event.resident_id, HomeBedState.SERVING)
        if bed is not None and bed.stay_id == event.stay_id:
            lock(session, bed)
            reason = HomeBedPause.IN_HOSPITAL if in_hospital else HomeBedPause.AWAY
            pause_by_itself(session, bed, reason)


def follow_stay_resumed(session: Session, event: StayResumed) -> None:
    """Whoever is back in the bed at home is served again."""
    if event.kind is not BedKind.HOME_CARE:
        return
    with reaching_everywhere(session):
        bed = _find(session, event.resident_id, HomeBedState.PAUSED)
        if bed is not None and bed.stay_id == event.stay_id:
            lock(session, bed)
            take_step(session, bed, BED_LIFE.moves[Step.RESUME])


def follow_level(session: Session, event: AbilityLevelConfirmed) -> None:
    """Who needs no care any more has no bed at home any more (能力恢复)."""
    if event.level is not AbilityLevel.INTACT:
        return
    with reaching_everywhere(session):
        bed = _find(session, event.resident_id, HomeBedState.SERVING, HomeBedState.PAUSED)
        if bed is not None:
            end_by_itself(session, bed, HomeBedEnd.RECOVERED)


def end_by_itself(session: Session, bed: HomeBed, reason: HomeBedEnd) -> None:
    """End a bed because of what happened elsewhere; nobody is asked."""
    lock(session, bed)
    close(session, bed, BED_LIFE.moves[Step.END], reason)
    occupying.leave(session, bed)


def _check_whose_home(session: Session, bed_id: int, resident_id: int) -> None:
    of_another = (
        select(col(Bed.label))
        .join(HomeBed, col(HomeBed.bed_id) == col(Bed.id))
        .where(col(Bed.id) == bed_id, col(HomeBed.resident_id) != resident_id)
        .limit(1)
    )
    label = session.execute(of_another).scalar_one_or_none()
    if label is not None:
        raise BedTaken(bed=label)


def _pause(session: Session, event: StayEnded) -> None:
    bed = _find(session, event.resident_id, HomeBedState.SERVING, HomeBedState.PAUSED)
    if bed is None or bed.stay_id != event.stay_id:
        return
    lock(session, bed)
    reason = WHY_PAUSED.get(event.reason, HomeBedPause.OTHER)
    if bed.state is HomeBedState.SERVING:
        pause_by_itself(session, bed, reason)
    elif reason in ELSEWHERE:
        bed.pause_reason = reason
        session.flush()


def _go_on(session: Session, event: StayEnded) -> None:
    """Whoever goes home from a house is served at home again, where all is there for it."""
    bed = _find(session, event.resident_id, HomeBedState.PAUSED)
    if bed is None or bed.pause_reason not in ELSEWHERE:
        return
    lock(session, bed)
    move = BED_LIFE.moves[Step.RESUME]
    if BED_LIFE.missing(move, facts_of(session, bed)):
        return
    try:
        with session.begin_nested():
            take_step(session, bed, move)
            occupying.enter(session, bed)
    except DomainError:
        session.refresh(bed)


def _find(session: Session, resident_id: int, *states: HomeBedState) -> HomeBed | None:
    query = select(HomeBed).where(
        col(HomeBed.resident_id) == resident_id, col(HomeBed.state).in_(states)
    )
    bed: HomeBed | None = session.execute(query).scalar_one_or_none()
    return bed
