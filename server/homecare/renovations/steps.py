"""Every step of a renovation goes through here: may it be taken, by whom, what is written down."""

from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotAllowed
from server.homecare.errors import NeedsMissing
from server.homecare.lives import Move, Told
from server.homecare.renovations.errors import RenovationNotSo
from server.homecare.renovations.knowing import facts_of, village_of
from server.homecare.renovations.models import Renovation, RenovationEnd, RenovationMove
from server.homecare.renovations.states import (
    RENOVATION_LIFE,
    Need,
    RenovationState,
    RenovationStep,
)
from server.homecare.stepping import Taken, due_on, tell
from server.identity.roles import may, reach_of

STEP_DAYS = "renovation.step_days"
KINDS = {Told.RESIDENT: "renovation.{step}", Told.PROVIDER: "renovation.provider_{step}"}
RowOfTable = Move[RenovationState, RenovationStep, Need]


def check_step(session: Session, renovation: Renovation, step: RenovationStep) -> RowOfTable:
    """Return the row of the table, if this actor may take the step now.

    Raises `NotAllowed`, `RenovationNotSo`, and `NeedsMissing` with all that is missing.
    """
    move = RENOVATION_LIFE.moves[step]
    check_office(session, renovation, *move.permissions)
    if renovation.state not in move.before:
        raise RenovationNotSo(state=renovation.state.value)
    check_needs(session, renovation, move)
    return move


def check_needs(session: Session, renovation: Renovation, move: RowOfTable) -> None:
    """Raise `NeedsMissing` with all that is not there yet."""
    lacking = RENOVATION_LIFE.missing(move, facts_of(session, renovation))
    if lacking:
        raise NeedsMissing(needs=[need.value for need in lacking])


def check_state(renovation: Renovation, *states: RenovationState) -> None:
    """Raise `RenovationNotSo` where it is in none of these states."""
    if renovation.state not in states:
        raise RenovationNotSo(state=renovation.state.value)


def check_office(session: Session, renovation: Renovation, *permissions: str) -> None:
    """Raise `NotAllowed` for whoever holds none of the permissions over this home or its
    contractor."""
    actor = actor_of(session)
    held = [one for one in permissions if actor.is_service or may(actor, one)]
    if actor.account_id is None and not actor.is_service:
        held = [one for one in held if _reaches(session, one, renovation)]
    if not held:
        raise NotAllowed()


def take_step(
    session: Session, renovation: Renovation, move: RowOfTable, *, note: str = ""
) -> Renovation:
    """Bring a renovation that was let through into its next state; write down who did it."""
    before, today = renovation.state, clock.today()
    renovation.state, renovation.since = move.after, today
    renovation.due_on = due_on(session, STEP_DAYS, move.after, today)
    session.flush()
    note_step(session, renovation, move, before=before, note=note)
    return renovation


def close(
    session: Session, renovation: Renovation, move: RowOfTable, reason: RenovationEnd, *, note: str
) -> Renovation:
    """End a renovation for a reason: the home is free for another."""
    renovation.ended_on, renovation.end_reason = clock.today(), reason
    renovation.end_note, renovation.holds = note, False
    return take_step(session, renovation, move, note=note or reason.value)


def note_step(
    session: Session,
    renovation: Renovation,
    move: RowOfTable,
    *,
    before: RenovationState | None,
    note: str = "",
) -> None:
    """Write a step down, and tell whom the table names."""
    actor = actor_of(session)
    assert renovation.id is not None, "a renovation that moves is in the register"
    row = RenovationMove(
        renovation_id=renovation.id,
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
        subject = f"renovation_move:{row.id}"
        taken = Taken(renovation.resident_id, renovation.site_id, move.step, subject, row.at)
        tell(session, move, taken, KINDS)


def _reaches(session: Session, permission: str, renovation: Renovation) -> bool:
    reach = reach_of(actor_of(session), permission)
    if renovation.site_id in reach.site_ids:
        return True
    return any(village_of(session, renovation).startswith(one) for one in reach.prefixes)
