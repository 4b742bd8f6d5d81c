"""A bed at home is asked for, looked at, declined or taken back."""

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import reaching_everywhere
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.taking import lock_person
from server.homecare.beds import occupying
from server.homecare.beds.knowing import hold_still
from server.homecare.beds.steps import STEP_DAYS, check_step, close, note_step, take_step
from server.homecare.errors import HasAHomeBed
from server.homecare.models import IN_USE, HomeBed, HomeBedEnd, HomeBedState
from server.homecare.states import BED_LIFE, Step
from server.homecare.stepping import due_on

# A provider that never served the person need not know any longer who it was.
FORGET = text(
    """
    UPDATE care_link SET ends_on = greatest(CAST(:today AS date) + 1, starts_on + 1)
     WHERE resident_id = :resident AND site_id = :site AND ends_on > CAST(:today AS date) + 1
       AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.resident_id = :resident AND s.site_id = :site)
    """
)


@all_or_nothing
def apply(
    session: Session,
    *,
    resident_id: int,
    requested_by: RequestedBy,
    wishes: str = "",
    site_id: int | None = None,
) -> HomeBed:
    """Ask for a bed at home for a person, with a provider wished for or none.

    Raises `HasAHomeBed`, `ResidentGone`, `RuleMissing`, `NotFound`.
    """
    lock_person(session, resident_id)
    bed = HomeBed(
        resident_id=resident_id,
        site_id=site_id,
        state=HomeBedState.APPLIED,
        since=clock.today(),
        due_on=due_on(session, STEP_DAYS, HomeBedState.APPLIED, clock.today()),
        requested_by=requested_by,
        applied_at=clock.now(),
        wishes=wishes,
    )
    with refusing(session, {"uq_home_bed_one_open": HasAHomeBed()}):
        session.add(bed)
    note_step(session, bed, BED_LIFE.moves[Step.APPLY], before=None)
    return bed


@all_or_nothing
def take_up(session: Session, home_bed_id: int) -> HomeBed:
    """The community looks at the application; raises what `check_step` raises, and `NotFound`."""
    bed = hold_still(session, home_bed_id)
    return take_step(session, bed, check_step(session, bed, Step.TAKE_UP))


@all_or_nothing
def pass_precheck(session: Session, home_bed_id: int, *, note: str = "") -> HomeBed:
    """The papers are in order: an assessment comes next; raises what `take_up` raises."""
    bed = hold_still(session, home_bed_id)
    return take_step(session, bed, check_step(session, bed, Step.PASS_PRECHECK), note=note)


@all_or_nothing
def refuse(session: Session, home_bed_id: int, *, reason: str) -> HomeBed:
    """Say why there will be no bed; whoever applied reads it. Raises what `take_up` raises."""
    assert reason, "nobody is refused without a reason"
    bed = hold_still(session, home_bed_id)
    move = check_step(session, bed, Step.REFUSE)
    close(session, bed, move, HomeBedEnd.REFUSED, note=reason)
    _forget(session, bed)
    return bed


@all_or_nothing
def withdraw(session: Session, home_bed_id: int, *, note: str = "") -> HomeBed:
    """The elder no longer wants it, at any time; twice is as good as once.

    Raises `HomeBedNotSo` for a bed that ended otherwise, and what `take_up` raises.
    """
    bed = hold_still(session, home_bed_id)
    if bed.end_reason is HomeBedEnd.WITHDRAWN:
        return bed
    move, was_in_use = check_step(session, bed, Step.WITHDRAW), bed.state in IN_USE
    close(session, bed, move, HomeBedEnd.WITHDRAWN, note=note)
    if was_in_use:
        occupying.leave(session, bed)
    _forget(session, bed)
    return bed


def _forget(session: Session, bed: HomeBed) -> None:
    if bed.site_id is None:
        return
    values = {"resident": bed.resident_id, "site": bed.site_id, "today": clock.today()}
    with reaching_everywhere(session):
        session.connection().execute(FORGET, values)
