"""考试: scores are entered by one person and confirmed by another, and then told."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from server import clock
from server.caregivers.training.enrolling import lock_session
from server.caregivers.training.errors import (
    ConfirmedByWhoEntered,
    CourseNotSo,
    NoSittingLeft,
    NotAdmitted,
    NothingToConfirm,
    TooEarly,
)
from server.caregivers.training.models import Enrolment, ExamResult, SessionState
from server.caregivers.training.standing import Trainee, get_run, list_trainees
from server.caregivers.training.telling import News, tell
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.policies.queries import get_figures

SITTINGS = "training.exam_sittings"


@all_or_nothing
def enter_results(
    session: Session, session_id: int, *, sat_on: date, scores: Mapping[int, int]
) -> int:
    """Enter scores by enrolment, or mend those that nobody confirmed yet; returns how many.

    Raises `CourseNotSo`, `TooEarly`, `NotAdmitted`, `NoSittingLeft`, `NotFound`.
    """
    lock_session(session, session_id)
    run = get_run(session, session_id)
    if run.state == SessionState.CANCELLED.value or not run.has_exam:
        raise CourseNotSo(state=run.state)
    today = clock.today()
    if sat_on > today or clock.day_of(run.starts_at) > sat_on:
        raise TooEarly()
    trainees = {one.row.id: one for one in list_trainees(session, run)}
    if not scores.keys() <= trainees.keys():
        raise NotFound()
    most = int(get_figures(session, [SITTINGS], on=today)[SITTINGS].value)
    for enrolment_id in scores:
        _check_may_sit(trainees[enrolment_id], run, most)
    _write(session, run, trainees, sat_on, scores)
    return len(scores)


@all_or_nothing
def confirm_results(session: Session, session_id: int) -> int:
    """Confirm what others entered, and tell the trainees; returns how many.

    Raises `ConfirmedByWhoEntered`, `NothingToConfirm`, `NotFound`.
    """
    lock_session(session, session_id)
    own_id = actor_of(session).staff_id
    of_session = select(col(Enrolment.id)).where(col(Enrolment.session_id) == session_id)
    waiting = (
        update(ExamResult)
        .where(col(ExamResult.enrolment_id).in_(of_session), col(ExamResult.confirmed_at).is_(None))
        .values(confirmed_by=own_id, confirmed_at=clock.now())
        .returning(col(ExamResult.enrolment_id), col(ExamResult.is_passed), col(ExamResult.score))
    )
    with refusing(session, {"ck_exam_result_confirmed_by_another": ConfirmedByWhoEntered()}):
        rows = session.execute(waiting, execution_options={"synchronize_session": False}).all()
    if not rows:
        raise NothingToConfirm()
    for news, passed in ((News.PASSED, True), (News.FAILED, False)):
        people = [row.enrolment_id for row in rows if row.is_passed is passed]
        tell(session, people, news, subject=f":{clock.today():%Y%m%d}")
    session.expire_all()
    return len(rows)


def _check_may_sit(trainee: Trainee, run: Any, most: int) -> None:
    row = trainee.row
    if not trainee.is_admitted:
        raise NotAdmitted(percent=trainee.percent, least=run.least_percent)
    is_final = row.result_id is not None and row.confirmed_at is not None
    if is_final and (row.is_passed or row.sitting_no >= most):
        raise NoSittingLeft(most=most)


def _write(
    session: Session,
    run: Any,
    trainees: Mapping[int, Trainee],
    sat_on: date,
    scores: Mapping[int, int],
) -> None:
    """An unconfirmed result is mended; after a confirmed one comes the next sitting."""
    open_ids = [
        trainees[one].row.result_id
        for one in scores
        if trainees[one].row.result_id and not trainees[one].row.confirmed_at
    ]
    found = session.execute(select(ExamResult).where(col(ExamResult.id).in_(open_ids))).scalars()
    mended = {one.enrolment_id: one for one in found}
    for enrolment_id, score in scores.items():
        facts = _facts(session, run, sat_on, score)
        if enrolment_id in mended:
            mended[enrolment_id].sqlmodel_update(facts)
        else:
            number = (trainees[enrolment_id].row.sitting_no or 0) + 1
            session.add(ExamResult(enrolment_id=enrolment_id, sitting_no=number, **facts))
    session.flush()


def _facts(session: Session, run: Any, sat_on: date, score: int) -> dict[str, Any]:
    return {
        "sat_on": sat_on,
        "score": score,
        "is_passed": score >= run.pass_mark,
        "entered_by": actor_of(session).staff_id,
        "entered_at": clock.now(),
    }


def waits_for_confirmation(trainees: Sequence[Trainee]) -> bool:
    """True where a result was entered that nobody confirmed."""
    return any(one.row.result_id and not one.row.confirmed_at for one in trainees)
