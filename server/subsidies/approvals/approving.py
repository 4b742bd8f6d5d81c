"""The bulk approval: slice by slice, each in a transaction of its own, until all are approved."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import refusing
from server.db.tables import table_of
from server.subsidies.approvals.errors import TotalIsOther
from server.subsidies.approvals.models import ReviewState, SubsidyApprovalSlice, SubsidyReview
from server.subsidies.approvals.releasing import release_without_notice
from server.subsidies.models import RunStage, SubsidyRun

# The next slice of a review that nobody has approved; two workers never take the same.
NEXT = text(
    """
    SELECT s.number FROM subsidy_slice s JOIN subsidy_review w ON w.run_id = s.run_id
     WHERE w.id = :review AND w.state = 'approving'
       AND NOT EXISTS (SELECT 1 FROM subsidy_approval_slice a
                        WHERE a.review_id = w.id AND a.number = s.number)
     ORDER BY s.number LIMIT 1
    """
)
FINISH = text("SELECT finish_review(:review, :at)")


def list_approving(session: Session) -> Sequence[int]:
    """Return the reviews whose last word was said and that are not through, the oldest first."""
    query = (
        select(SubsidyReview.id)
        .join(SubsidyRun, col(SubsidyRun.id) == col(SubsidyReview.run_id))
        .where(SubsidyReview.state == ReviewState.APPROVING)
        .where(SubsidyRun.stage == RunStage.IN_APPROVAL)
    )
    found = session.exec(query.order_by(col(SubsidyReview.pressed_at), col(SubsidyReview.id)))
    return [one for one in found if one is not None]


def approve_next(session: Session, review_id: int) -> bool:
    """Approve one slice, or the run when there is none left; False when nothing is left to do.

    Stopped in between it goes on where it was: what is approved stands. Harmless twice.
    """
    review = session.get(
        SubsidyReview, review_id, with_for_update={"skip_locked": True}, populate_existing=True
    )
    if review is None or review.state is not ReviewState.APPROVING:
        return False
    number = session.connection().execute(NEXT, {"review": review_id}).scalar()
    if number is None:
        _finish(session, review)
        return False
    _approve(session, review, number)
    return True


def _approve(session: Session, review: SubsidyReview, number: int) -> None:
    """What the slice holds is counted by the database, and held against its seal."""
    blank = {"lines": 0, "held": 0, "total_fen": 0, "run_id": review.run_id}
    row = {"review_id": review.id, "number": number, "done_at": clock.now()} | blank
    put = insert(table_of(SubsidyApprovalSlice)).values(row)
    session.execute(put.on_conflict_do_nothing())


def _finish(session: Session, review: SubsidyReview) -> None:
    with refusing(session, {"ck_subsidy_review_is_whole": TotalIsOther()}):
        session.connection().execute(FINISH, {"review": review.id, "at": clock.now()})
    release_without_notice(session, review.run_id)
    session.refresh(review)
    session.get(SubsidyRun, review.run_id, populate_existing=True)
