"""A notice is published for its days, ends after them, or is withdrawn and begun anew."""

from collections.abc import Sequence
from datetime import date, timedelta
from secrets import token_urlsafe

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.places.workdays import workday_after
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Notice, Programme
from server.subsidies.approvals.reviewing import hold_run
from server.subsidies.models import RunStage, SubsidyRun
from server.subsidies.notices.errors import IsPublished, NoNoticeNeeded, NoticeIsOver
from server.subsidies.notices.models import SubsidyNotice, SubsidyObjection
from server.subsidies.notices.telling import News, tell

BYTES_OF_A_CODE = 18
A_DAY = timedelta(days=1)


@all_or_nothing
def publish_notice(session: Session, run_id: int) -> SubsidyNotice:
    """Publish an approved run from today on. Raises `RunIsNotSo`, `NoNoticeNeeded`,
    `IsPublished` and `NotFound`.
    """
    run = hold_run(session, run_id, RunStage.APPROVED)
    terms = _terms(session, run)
    if terms is None:
        raise NoNoticeNeeded()
    starts_on = clock.today()
    notice = SubsidyNotice(
        run_id=run_id,
        code=token_urlsafe(BYTES_OF_A_CODE),
        starts_on=starts_on,
        ends_on=last_day(terms, starts_on),
        days=terms.days,
        shows_amounts=terms.shows == "amounts",
        published_at=clock.now(),
        published_by=actor_of(session).staff_id,
    )
    with refusing(session, {"uq_subsidy_notice_one_stands": IsPublished()}):
        session.add(notice)
        run.stage = RunStage.IN_NOTICE
    tell(session, [notice.id or 0], News.PUBLISHED)
    return notice


@all_or_nothing
def withdraw_notice(session: Session, notice_id: int, *, words: str) -> SubsidyNotice:
    """Take a notice back; the run waits for another, whose days begin anew.

    Raises `NoticeIsOver`, `RunIsNotSo` and `NotFound`.
    """
    notice = hold_notice(session, notice_id)
    run = hold_run(session, notice.run_id, RunStage.IN_NOTICE)
    notice.withdrawn_at, notice.withdrawn_by = clock.now(), actor_of(session).staff_id
    notice.words = words
    run.stage = RunStage.APPROVED
    session.flush()
    return notice


def list_ended(session: Session) -> Sequence[int]:
    """Return the notices whose days are over, and every objection to their runs answered.

    An objection to a notice that was withdrawn waits for its answer too.
    """
    said_of = aliased(SubsidyNotice)
    waits = (
        select(said_of.run_id)
        .join(SubsidyObjection, col(SubsidyObjection.notice_id) == col(said_of.id))
        .where(col(SubsidyObjection.answered_at).is_(None))
    )
    query = (
        select(SubsidyNotice.id)
        .join(SubsidyRun, col(SubsidyRun.id) == col(SubsidyNotice.run_id))
        .where(
            SubsidyNotice.ends_on < clock.today(),
            col(SubsidyNotice.ended_at).is_(None),
            col(SubsidyNotice.withdrawn_at).is_(None),
            col(SubsidyNotice.run_id).not_in(waits),
            SubsidyRun.stage == RunStage.IN_NOTICE,
        )
    )
    found = session.exec(query.order_by(col(SubsidyNotice.ends_on), col(SubsidyNotice.id)))
    return [one for one in found if one is not None]


@all_or_nothing
def end_notice(session: Session, notice_id: int) -> bool:
    """End a notice whose days are over, and let its run be paid; False where it is not so."""
    notice = session.get(SubsidyNotice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None or notice_id not in list_ended(session):
        return False
    run = hold_run(session, notice.run_id, RunStage.IN_NOTICE)
    notice.ended_at = clock.now()
    session.flush()
    run.stage = RunStage.PAYABLE
    session.flush()
    tell(session, [notice_id], News.PAYABLE)
    return True


def hold_notice(session: Session, notice_id: int) -> SubsidyNotice:
    """Lock a notice that stands; raises `NoticeIsOver` and `NotFound`."""
    notice = session.get(SubsidyNotice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None:
        raise NotFound()
    if notice.ended_at is not None or notice.withdrawn_at is not None:
        raise NoticeIsOver()
    return notice


def last_day(terms: Notice, starts_on: date) -> date:
    """Return the last day of a notice that begins on a day, both counted."""
    if terms.counted == "working_days":
        return workday_after(starts_on - A_DAY, terms.days)
    return starts_on + timedelta(days=terms.days - 1)


def _terms(session: Session, run: SubsidyRun) -> Notice | None:
    version = session.get(PolicyVersion, run.version_id)
    assert version is not None, "a run is of a version"
    return Programme.model_validate(version.content).notice
