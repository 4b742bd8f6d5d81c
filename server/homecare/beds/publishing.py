"""公示: who is to have a bed at home is published, masked; whoever knows better objects."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.errors import NotFound
from server.facilities.stays.knowing import STILL_HERE, let_site_know
from server.homecare.beds.knowing import facts_of, hold_still
from server.homecare.beds.models import HomeBedNotice, HomeBedObjection
from server.homecare.beds.steps import check_step, take_step
from server.homecare.errors import ObjectionsClosed
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.states import Step
from server.policies.queries import get_figures

NOTICE_DAYS = "homecare.notice_days"


@all_or_nothing
def open_notice(session: Session, home_bed_id: int, *, site_id: int | None = None) -> HomeBed:
    """The assessment allows a bed: name the provider, and publish it for some days.

    Without `site_id` the provider that was wished for serves. Raises what `check_step` raises,
    `RuleMissing` and `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    if site_id is not None and bed.state is HomeBedState.ASSESSMENT:
        bed.site_id = site_id
        session.flush()
    move = check_step(session, bed, Step.OPEN_NOTICE)
    today = clock.today()
    days = get_figures(session, [NOTICE_DAYS], on=today)[NOTICE_DAYS].value
    notice = HomeBedNotice(
        home_bed_id=home_bed_id,
        resident_id=bed.resident_id,
        starts_on=today,
        ends_on=today + timedelta(days=days),
    )
    session.add(notice)
    take_step(session, bed, move)
    bed.due_on = notice.ends_on
    session.flush()
    return bed


@all_or_nothing
def close_notice(session: Session, home_bed_id: int) -> HomeBed:
    """Nobody has objected, or every objection is settled: the provider may sign.

    The provider may see from now on who the person is. Raises what `check_step` raises, `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    move = check_step(session, bed, Step.CLOSE_NOTICE)
    assert bed.site_id is not None, "the table asks for a provider"
    take_step(session, bed, move)
    let_site_know(session, bed.resident_id, bed.site_id, until=STILL_HERE)
    return bed


@all_or_nothing
def record_objection(session: Session, home_bed_id: int, *, said: str) -> HomeBedObjection:
    """Write down what somebody says against a bed; raises `ObjectionsClosed`, `NotFound`."""
    bed = hold_still(session, home_bed_id)
    if bed.state is not HomeBedState.NOTICE or facts_of(session, bed).is_notice_over:
        raise ObjectionsClosed()
    objection = HomeBedObjection(
        home_bed_id=home_bed_id,
        resident_id=bed.resident_id,
        said=said,
        recorded_at=clock.now(),
    )
    session.add(objection)
    session.flush()
    return objection


@all_or_nothing
def settle_objection(
    session: Session, objection_id: int, *, home_bed_id: int, finding: str
) -> HomeBedObjection:
    """Say what was found; who is in the right is told by going on or refusing. `NotFound`."""
    assert finding, "an objection is settled with a finding"
    hold_still(session, home_bed_id)
    query = select(HomeBedObjection).where(
        col(HomeBedObjection.id) == objection_id,
        col(HomeBedObjection.home_bed_id) == home_bed_id,
        col(HomeBedObjection.settled_at).is_(None),
    )
    objection: HomeBedObjection | None = session.execute(query).scalar_one_or_none()
    if objection is None:
        raise NotFound()
    objection.settled_at, objection.finding = clock.now(), finding
    session.flush()
    return objection
