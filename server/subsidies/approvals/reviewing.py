"""A computed run is submitted, signed by its offices, held out of in part, and approved at last."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import as_wide_as_any, table_of
from server.errors import NotFound
from server.identity.roles import reach_of
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.subsidies.approvals.errors import (
    AnotherOffice,
    HadAPart,
    LineIsNotSo,
    NotReviewed,
    RunInQuestion,
    RunIsNotSo,
    SignedAlready,
    TotalIsOther,
)
from server.subsidies.approvals.models import (
    HeldFor,
    ReviewState,
    ReviewStep,
    SubsidyHeldLine,
    SubsidyReview,
    SubsidyReviewStep,
    SubsidyRunHand,
)
from server.subsidies.approvals.queries import sum_payable
from server.subsidies.approvals.rules import may_sign, stages_for
from server.subsidies.checks.service import blocking_findings, check_once
from server.subsidies.claims.models import Part
from server.subsidies.models import Outcome, RunKind, RunStage, SubsidyLine, SubsidyRun

CHECK, APPROVE = "subsidies.check", "subsidies.approve"
HANDS = {"fk_subsidy_review_step_hand": HadAPart(), "uq_subsidy_review_step_once": SignedAlready()}
MOST_HELD_AT_ONCE = 5000


@all_or_nothing
def submit_run(session: Session, run_id: int) -> SubsidyReview:
    """Put a computed run before those who approve it, held against the cross-checks by then.

    Raises `RunIsNotSo`, `NotReviewed`.
    """
    run = hold_run(session, run_id, RunStage.COMPUTED)
    if run.kind is RunKind.WHAT_IF:
        raise NotReviewed()
    check_once(session, run_id)
    actor = actor_of(session)
    review = SubsidyReview(
        run_id=run_id,
        stages=stages_for(_programme(session, run), run.division_code),
        state=ReviewState.OPEN,
        submitted_at=clock.now(),
        submitted_by=actor.staff_id,
    )
    with refusing(session, {"uq_subsidy_review_one_live": SignedAlready()}):
        session.add(review)
        run.stage = RunStage.IN_APPROVAL
    _put_hands(session, run_id, [run.made_by, actor.staff_id], Part.MAKER)
    with refusing(session, HANDS):
        _note(session, review, ReviewStep.SUBMIT, Part.MAKER)
    return review


@all_or_nothing
def sign_run(session: Session, review_id: int, *, control_fen: int) -> SubsidyReview:
    """Say yes for the office the run waits for; the last one's yes approves it slice by slice.

    `control_fen` is the total of what is approved, as the officer read it. Whoever presses second
    finds it done: the run is held, so that no line is held out and nothing is given back meanwhile.
    Raises `RunIsNotSo`, `TotalIsOther`, `RunInQuestion`, `AnotherOffice`, `HadAPart`,
    `SignedAlready`, `NotFound`.
    """
    stage_no = get_review(session, review_id).stage_no
    review = _hold_review(session, review_id)
    _check_open(review)
    if review.stage_no != stage_no:
        raise SignedAlready()
    run = hold_run(session, review.run_id, RunStage.IN_APPROVAL)
    part = _check_office(session, review, run)
    if sum_payable(session, review.run_id) != control_fen:
        raise TotalIsOther()
    _check_questions(session, review.run_id)
    is_last = review.stage_no == len(review.stages) - 1
    step = ReviewStep.PRESS if is_last else ReviewStep.SIGN
    _put_hands(session, review.run_id, [actor_of(session).staff_id], part)
    with refusing(session, HANDS):
        _note(session, review, step, part)
    _move(session, review, control_fen, is_last=is_last)
    return review


@all_or_nothing
def give_run_back(session: Session, review_id: int, *, words: str) -> SubsidyReview:
    """Return a run to its maker, who discards it or submits it again. Raises as `sign_run`."""
    review = _hold_review(session, review_id)
    _check_open(review)
    run = hold_run(session, review.run_id, RunStage.IN_APPROVAL)
    part = _check_office(session, review, run)
    _put_hands(session, review.run_id, [actor_of(session).staff_id], part)
    with refusing(session, HANDS):
        _note(session, review, ReviewStep.RETURN, part, words)
    review.state, review.ended_at, review.words = ReviewState.RETURNED, clock.now(), words
    run.stage = RunStage.COMPUTED
    session.flush()
    return review


@all_or_nothing
def hold_lines_out(session: Session, run_id: int, numbers: Sequence[int], *, words: str) -> int:
    """Keep due lines out of a run that is being approved; a later run may pay them.

    Returns how many. Raises `LineIsNotSo` where one of them is not due, held out, or too late.
    """
    hold_run(session, run_id, RunStage.IN_APPROVAL)
    wanted = sorted(set(numbers))[:MOST_HELD_AT_ONCE]
    due = select(func.count()).where(
        SubsidyLine.run_id == run_id,
        col(SubsidyLine.number).in_([as_wide_as_any(one) for one in wanted]),
        SubsidyLine.outcome == Outcome.DUE,
    )
    if session.exec(due).one() != len(wanted):
        raise LineIsNotSo()
    put_held(session, run_id, wanted, HeldFor.REVIEW, words)
    return len(wanted)


def put_held(
    session: Session, run_id: int, numbers: Sequence[int], held_for: HeldFor, words: str
) -> None:
    """Write down that lines are held out; raises `LineIsNotSo`."""
    held = [
        SubsidyHeldLine(
            run_id=run_id,
            number=number,
            held_for=held_for,
            words=words,
            held_at=clock.now(),
            held_by=actor_of(session).staff_id,
        )
        for number in numbers
    ]
    refused = {
        "uq_subsidy_held_line_once": LineIsNotSo(),
        "ck_subsidy_held_line_in_time": LineIsNotSo(),
        "fk_subsidy_held_line_line": LineIsNotSo(),
    }
    with refusing(session, refused):
        session.add_all(held)


@all_or_nothing
def put_line_back(session: Session, run_id: int, number: int) -> None:
    """Let a line go with its run after all, before the last word. Raises `LineIsNotSo`."""
    query = select(SubsidyHeldLine).where(
        SubsidyHeldLine.run_id == run_id,
        col(SubsidyHeldLine.number) == as_wide_as_any(number),
        col(SubsidyHeldLine.put_back_at).is_(None),
    )
    held = session.exec(query.with_for_update()).one_or_none()
    if held is None:
        raise LineIsNotSo()
    with refusing(session, {"ck_subsidy_held_line_in_time": LineIsNotSo()}):
        held.put_back_at, held.put_back_by = clock.now(), actor_of(session).staff_id


def get_review(session: Session, review_id: int) -> SubsidyReview:
    """Return a review as it is by now; raises `NotFound`."""
    review = session.get(SubsidyReview, review_id, populate_existing=True)
    if review is None:
        raise NotFound()
    return review


def hold_run(session: Session, run_id: int, stage: RunStage) -> SubsidyRun:
    """Lock a run that is at a stage; raises `RunIsNotSo` and `NotFound`."""
    run = session.get(SubsidyRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound()
    if run.stage is not stage:
        raise RunIsNotSo(stage=run.stage.value)
    return run


def _hold_review(session: Session, review_id: int) -> SubsidyReview:
    review = session.get(SubsidyReview, review_id, with_for_update=True, populate_existing=True)
    if review is None:
        raise NotFound()
    return review


def _check_open(review: SubsidyReview) -> None:
    if review.state in (ReviewState.APPROVING, ReviewState.APPROVED):
        raise SignedAlready()
    if review.state is not ReviewState.OPEN:
        raise RunIsNotSo(stage=review.state.value)


def _check_office(session: Session, review: SubsidyReview, run: SubsidyRun) -> Part:
    at = review.stages[review.stage_no]
    is_last = review.stage_no == len(review.stages) - 1
    prefixes = reach_of(actor_of(session), APPROVE if is_last else CHECK).prefixes
    if not may_sign(at, run.division_code, prefixes):
        raise AnotherOffice()
    return Part(at)


def _check_questions(session: Session, run_id: int) -> None:
    """An office sees what it may see; what keeps a run back is looked for everywhere."""
    with reaching_everywhere(session):
        found = blocking_findings(session, run_id)
    if found:
        raise RunInQuestion(findings=len(found))


def _move(session: Session, review: SubsidyReview, control_fen: int, *, is_last: bool) -> None:
    if is_last:
        review.state, review.control_fen = ReviewState.APPROVING, control_fen
        review.pressed_at, review.pressed_by = clock.now(), actor_of(session).staff_id
    else:
        review.stage_no += 1
    session.flush()


def _put_hands(session: Session, run_id: int, staff_ids: Sequence[int | None], part: Part) -> None:
    """Whoever has a part in the run keeps that one; the step then finds none of its part."""
    rows = [
        {"run_id": run_id, "staff_id": staff_id, "part": part}
        for staff_id in staff_ids
        if staff_id is not None
    ]
    if rows:
        put = insert(table_of(SubsidyRunHand)).values(rows)
        session.execute(put.on_conflict_do_nothing())


def _note(
    session: Session, review: SubsidyReview, step: ReviewStep, part: Part, words: str = ""
) -> None:
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        return
    session.add(
        SubsidyReviewStep(
            review_id=review.id or 0,
            run_id=review.run_id,
            stage_no=review.stage_no,
            step=step,
            taken_at=clock.now(),
            staff_id=staff_id,
            part=part,
            words=words,
        )
    )


def _programme(session: Session, run: SubsidyRun) -> Programme:
    version = session.get(PolicyVersion, run.version_id)
    assert version is not None, "a run is of a version"
    return Programme.model_validate(version.content)
