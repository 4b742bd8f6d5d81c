"""Whoever knows better objects to a notice, and is answered by a day."""

from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import as_wide_as_any
from server.errors import NotFound
from server.places.workdays import workday_after
from server.secrets.fields import keyring
from server.subsidies.approvals.models import HeldFor
from server.subsidies.approvals.reviewing import put_held
from server.subsidies.models import Outcome, RunStage, SubsidyLine, SubsidyRun
from server.subsidies.notices.errors import NoticeIsOver, NotOfThisNotice, ObjectionAnswered
from server.subsidies.notices.models import CONTACT_FIELD, SubsidyNotice, SubsidyObjection, Via
from server.subsidies.notices.telling import News, tell, tell_of_answer

ANSWERED_WITHIN = 5


@all_or_nothing
def object_to(
    session: Session, *, code: str, said: str, via: Via, contact: str = "", line: int | None = None
) -> SubsidyObjection:
    """Write an objection down; it is to be answered within some working days.

    How to reach whoever objects is sealed, and may be left out. The same words sent twice are one
    objection. Raises `NoticeIsOver`, `NotOfThisNotice` and `NotFound`.
    """
    with reaching_everywhere(session):
        notice = find_by_code(session, code)
        if notice is None:
            raise NotFound()
        if clock.today() > notice.ends_on:
            raise NoticeIsOver()
        if line is not None:
            _check_line(session, notice, line)
        objection = _objection(session, notice, said, via, contact, line)
        there = _find_same(session, objection)
        if there is not None:
            return there
        with refusing(session, {"ck_subsidy_objection_in_time": NoticeIsOver()}):
            session.add(objection)
        tell(session, [notice.id or 0], News.OBJECTION)
    return objection


@all_or_nothing
def answer_objection(
    session: Session, objection_id: int, *, answer: str, is_upheld: bool
) -> SubsidyObjection:
    """Say what was found. An objection that is upheld holds the line it is about out of the run,
    unless another has done so, or the run was let go.

    Raises `ObjectionAnswered`, `LineIsNotSo` and `NotFound`.
    """
    objection = session.get(
        SubsidyObjection, objection_id, with_for_update=True, populate_existing=True
    )
    if objection is None:
        raise NotFound()
    if objection.answered_at is not None:
        raise ObjectionAnswered()
    objection.answer, objection.is_upheld = answer, is_upheld
    objection.answered_at, objection.answered_by = clock.now(), actor_of(session).staff_id
    session.flush()
    notice = session.get(SubsidyNotice, objection.notice_id)
    if is_upheld and objection.line_number is not None and notice is not None:
        _hold_out(session, notice.run_id, objection.line_number, answer)
    tell_of_answer(session, objection_id)
    return objection


def _hold_out(session: Session, run_id: int, number: int, answer: str) -> None:
    run = session.get_one(SubsidyRun, run_id, with_for_update=True, populate_existing=True)
    is_held = session.execute(select(func.is_held_out(run_id, number))).scalar_one()
    if run.stage is not RunStage.DISCARDED and not is_held:
        put_held(session, run_id, [number], HeldFor.OBJECTION, answer[:200])


def find_by_code(session: Session, code: str) -> SubsidyNotice | None:
    """Return the notice of a code, whether it stands or is over."""
    return session.exec(select(SubsidyNotice).where(SubsidyNotice.code == code)).one_or_none()


def contact_of(objection: SubsidyObjection | Row[Any]) -> str:
    """Return how whoever objected can be reached, empty where they did not say."""
    sealed = objection.contact_cipher
    return "" if sealed is None else keyring().decrypt(sealed, CONTACT_FIELD)


def _objection(
    session: Session, notice: SubsidyNotice, said: str, via: Via, contact: str, line: int | None
) -> SubsidyObjection:
    actor = actor_of(session)
    return SubsidyObjection(
        notice_id=notice.id or 0,
        line_number=line,
        said=said,
        contact_cipher=keyring().encrypt(contact, CONTACT_FIELD) if contact else None,
        contact_digest=keyring().digest(contact, CONTACT_FIELD) if contact else None,
        via=via,
        received_at=clock.now(),
        received_by=actor.staff_id,
        account_id=actor.account_id,
        due_on=workday_after(clock.today(), ANSWERED_WITHIN),
    )


def _check_line(session: Session, notice: SubsidyNotice, line: int) -> None:
    query = select(SubsidyLine.number).where(
        SubsidyLine.run_id == notice.run_id,
        col(SubsidyLine.number) == as_wide_as_any(line),
        SubsidyLine.outcome == Outcome.DUE,
        col(SubsidyLine.amount_fen) > 0,
    )
    if session.exec(query).one_or_none() is None:
        raise NotOfThisNotice()


def _find_same(session: Session, one: SubsidyObjection) -> SubsidyObjection | None:
    """Return what was said already in the same words by the same, and is not answered yet."""
    there = SubsidyObjection
    same = [
        col(getattr(there, name)).is_not_distinct_from(getattr(one, name))
        for name in ("notice_id", "line_number", "said", "contact_digest", "via", "account_id")
    ]
    query = select(there).where(*same, col(there.answered_at).is_(None))
    return session.exec(query.order_by(col(there.id)).limit(1)).first()
