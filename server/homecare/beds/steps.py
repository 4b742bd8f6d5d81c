"""Every step of a bed goes through here: may it be taken, by whom, what is written, who is told."""

from collections.abc import Sequence

from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotAllowed
from server.homecare.beds.knowing import facts_of, village_of
from server.homecare.beds.models import HomeBedMove
from server.homecare.errors import HomeBedNotSo, NeedsMissing
from server.homecare.lives import Move, Told
from server.homecare.models import HomeBed, HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.states import BED_LIFE, Need, Step
from server.homecare.stepping import Taken, due_on, tell
from server.homecare.visits.cancelling import (
    BED_RESTS,
    cancel_visits_of_bed,
    restore_visits_of_bed,
)
from server.identity.roles import may, reach_of

STEP_DAYS = "homecare.step_days"
KINDS = {Told.RESIDENT: "homecare.{step}", Told.PROVIDER: "homecare.provider_{step}"}
BedMove = Move[HomeBedState, Step, Need]


def check_step(session: Session, bed: HomeBed, step: Step) -> BedMove:
    """Return the row of the table, if this actor may take the step now.

    Raises `NotAllowed`, `HomeBedNotSo`, and `NeedsMissing` with all that is missing.
    """
    move = BED_LIFE.moves[step]
    check_may(session, bed, move.permissions)
    _check_state(bed, move)
    lacking = BED_LIFE.missing(move, facts_of(session, bed))
    if lacking:
        raise NeedsMissing(needs=[need.value for need in lacking])
    return move


def take_step(session: Session, bed: HomeBed, move: BedMove, *, note: str = "") -> HomeBed:
    """Bring a bed that `check_step` let through into its next state, and write down who did it."""
    before, today = bed.state, clock.today()
    bed.state, bed.since = move.after, today
    if move.after is not HomeBedState.PAUSED:
        bed.pause_reason = None
    bed.due_on = due_on(session, STEP_DAYS, move.after, today)
    session.flush()
    _follow_with_visits(session, bed, before)
    note_step(session, bed, move, before=before, note=note)
    return bed


def pause_by_itself(session: Session, bed: HomeBed, reason: HomeBedPause) -> None:
    """Pause a bed because of what happened elsewhere; nobody is asked."""
    with reaching_everywhere(session):
        bed.pause_reason = reason
        take_step(session, bed, BED_LIFE.moves[Step.PAUSE], note=reason.value)


def close(
    session: Session, bed: HomeBed, move: BedMove, reason: HomeBedEnd, *, note: str = ""
) -> HomeBed:
    """End a bed for a reason."""
    bed.ended_on, bed.end_reason, bed.end_note = clock.today(), reason, note
    return take_step(session, bed, move, note=note or reason.value)


def note_step(
    session: Session, bed: HomeBed, move: BedMove, *, before: HomeBedState | None, note: str = ""
) -> HomeBedMove:
    """Write a step down, and tell whom the table names."""
    actor = actor_of(session)
    assert bed.id is not None, "a bed that moves is in the register"
    row = HomeBedMove(
        home_bed_id=bed.id,
        resident_id=bed.resident_id,
        step=move.step,
        from_state=before,
        to_state=move.after,
        at=clock.now(),
        staff_id=actor.staff_id,
        account_id=actor.account_id,
        note=note,
    )
    with reaching_everywhere(session):
        session.add(row)
        session.flush()
        subject = f"home_bed_move:{row.id}"
        taken = Taken(bed.resident_id, bed.site_id, move.step, subject, row.at)
        tell(session, move, taken, KINDS)
    return row


def check_may(session: Session, bed: HomeBed, permissions: Sequence[str]) -> None:
    """Raise `NotAllowed` unless the actor holds one of the permissions where the bed is."""
    actor = actor_of(session)
    if actor.is_service:
        return
    village = village_of(session, bed)
    held = [one for one in permissions if may(actor, one)]
    if actor.account_id is None:
        held = [one for one in held if _reaches(session, one, bed, village)]
    if not held:
        raise NotAllowed()


def _reaches(session: Session, permission: str, bed: HomeBed, village: str) -> bool:
    reach = reach_of(actor_of(session), permission)
    under: Sequence[str] = reach.prefixes
    return bed.site_id in reach.site_ids or any(village.startswith(one) for one in under)


def _follow_with_visits(session: Session, bed: HomeBed, before: HomeBedState) -> None:
    """Nobody is sent to a bed that does not serve; when it goes on, whoever still can comes."""
    with reaching_everywhere(session):
        if before is HomeBedState.SERVING and bed.id is not None:
            cancel_visits_of_bed(session, bed.id, reason=BED_RESTS)
        elif bed.state is HomeBedState.SERVING and bed.id is not None:
            restore_visits_of_bed(session, bed.id)


def _check_state(bed: HomeBed, move: BedMove) -> None:
    if bed.state not in move.before:
        raise HomeBedNotSo(state=bed.state.value)
