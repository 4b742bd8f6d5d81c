"""A bed at home serves, pauses, goes on and ends."""

from sqlmodel import Session

from server.db.refusals import all_or_nothing
from server.homecare.beds import occupying
from server.homecare.beds.knowing import hold_still
from server.homecare.beds.steps import check_step, close, take_step
from server.homecare.models import HomeBed, HomeBedEnd, HomeBedPause
from server.homecare.states import Step


@all_or_nothing
def begin(session: Session, home_bed_id: int) -> HomeBed:
    """Two have accepted: the bed serves from today, and is the person's one bed.

    Raises what `check_step` and `admit` raise, and `NotFound`.
    """
    return _serve(session, home_bed_id, Step.BEGIN)


@all_or_nothing
def resume(session: Session, home_bed_id: int) -> HomeBed:
    """Go on after a pause; raises what `begin` raises."""
    return _serve(session, home_bed_id, Step.RESUME)


@all_or_nothing
def pause(session: Session, home_bed_id: int, *, reason: HomeBedPause, note: str = "") -> HomeBed:
    """Nobody comes for a while: the bed is no longer the person's until it goes on.

    Raises what `check_step` raises, and `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    move = check_step(session, bed, Step.PAUSE)
    bed.pause_reason = reason
    take_step(session, bed, move, note=note or reason.value)
    occupying.leave(session, bed)
    return bed


@all_or_nothing
def end(session: Session, home_bed_id: int, *, reason: HomeBedEnd, note: str = "") -> HomeBed:
    """撤床 by hand, from today; raises what `check_step` raises, and `NotFound`."""
    bed = hold_still(session, home_bed_id)
    close(session, bed, check_step(session, bed, Step.END), reason, note=note)
    occupying.leave(session, bed)
    return bed


def _serve(session: Session, home_bed_id: int, step: Step) -> HomeBed:
    bed = hold_still(session, home_bed_id)
    take_step(session, bed, check_step(session, bed, step))
    occupying.enter(session, bed)
    return bed
