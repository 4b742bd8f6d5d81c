"""Runs are taken up for payment, and paid once every line of theirs is."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.subsidies import books
from server.subsidies.budgets.queries import budgets_of_runs
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.payments.errors import BudgetMissing, LinesInQuestion, RunNotPayable
from server.subsidies.payments.payees import DOUBLED, IN_QUESTION, NOT_HELD
from server.subsidies.reckoning.patience import PATIENT, in_sets
from server.subsidies.recoveries.owing import take_back_of_run

PAYABLE = (RunStage.PAYABLE, RunStage.IN_PAYMENT)
DUE = text(
    "SELECT coalesce(sum(l.amount_fen), 0)::bigint FROM subsidy_line l"
    f" WHERE l.run_id = :run AND l.outcome = 'due' AND l.amount_fen > 0 AND {NOT_HELD}"
)
NET = text(
    "SELECT l.run_id FROM subsidy_line l WHERE l.run_id = ANY(:runs) AND l.outcome = 'due'"
    f" AND {NOT_HELD} GROUP BY l.run_id HAVING sum(l.amount_fen) > 0"
)
QUESTIONED = text(
    "SELECT count(*) FROM subsidy_payment p JOIN subsidy_payment_line l ON l.payment_id = p.id"
    f" WHERE p.batch_id = :batch AND l.is_live AND {IN_QUESTION}"
)
MERGED_SINCE = text(
    "SELECT count(*) FROM subsidy_payment p JOIN subsidy_payment_line x ON x.payment_id = p.id"
    " JOIN subsidy_line l ON l.run_id = x.run_id AND l.number = x.number"
    " JOIN resident r ON r.id = l.resident_id"
    f" WHERE p.batch_id = :batch AND x.is_live AND {DOUBLED}"
)
# Paid when no line is left that is not in a paid payment, and else not.
SETTLE = text(
    f"""
    UPDATE subsidy_run r
       SET stage = CASE WHEN EXISTS (
               SELECT 1 FROM subsidy_line l
                WHERE l.run_id = r.id AND l.outcome = 'due' AND l.amount_fen > 0
                  AND {NOT_HELD}
                  AND NOT EXISTS (
                      SELECT 1 FROM subsidy_payment_line x
                        JOIN subsidy_payment p ON p.id = x.payment_id
                       WHERE x.run_id = l.run_id AND x.number = l.number AND x.is_live
                         AND p.state = 'paid'))
           THEN 'in_payment' ELSE 'paid' END
     WHERE r.id = ANY(:runs) AND r.stage IN ('in_payment', 'paid')
    """
)
OF_BATCH = text(
    "SELECT DISTINCT x.run_id FROM subsidy_payment_line x"
    " JOIN subsidy_payment p ON p.id = x.payment_id WHERE p.batch_id = :batch ORDER BY 1"
)


def hold_runs(session: Session, run_ids: Sequence[int]) -> Sequence[SubsidyRun]:
    """Return the runs, held till the end; raises `RunNotPayable`.

    What corrects another is taken up with it or after it: nothing is taken back that was not given.
    """
    query = select(SubsidyRun).where(col(SubsidyRun.id).in_(run_ids)).order_by(col(SubsidyRun.id))
    held = query.with_for_update().execution_options(populate_existing=True)
    runs: Sequence[SubsidyRun] = session.execute(held).scalars().all()
    for run in runs:
        if run.stage not in PAYABLE or run.kind is RunKind.WHAT_IF:
            raise RunNotPayable(run_id=run.id)
    _check_corrected(session, runs)
    return runs


def _check_corrected(session: Session, runs: Sequence[SubsidyRun]) -> None:
    corrected = {run.of_run_id for run in runs if run.kind is RunKind.DIFFERENCE}
    taken_up = select(col(SubsidyRun.id)).where(
        col(SubsidyRun.id).in_(corrected),
        col(SubsidyRun.stage).in_((RunStage.IN_PAYMENT, RunStage.PAID)),
    )
    missing = corrected - {run.id for run in runs} - set(session.execute(taken_up).scalars())
    if missing:
        raise RunNotPayable(run_id=min(one for one in missing if one is not None))


def check_questions(session: Session, batch_id: int) -> None:
    """Raise `LinesInQuestion` where a finding came in about what a batch would pay, or an elder
    who is paid twice in it was found to be one."""
    asked, connection = {"batch": batch_id}, session.connection()
    found = (connection.execute(one, asked).scalar_one() for one in (QUESTIONED, MERGED_SINCE))
    lines = sum(found)
    if lines:
        raise LinesInQuestion(lines=lines)


def check_budget(session: Session, run_ids: Sequence[int], budget_id: int) -> None:
    """Raise `BudgetMissing` where a run draws on another budget this year, or on none."""
    found = budgets_of_runs(session, run_ids, year=clock.today().year)
    others = [one for one in run_ids if found.get(one) != budget_id]
    if others:
        raise BudgetMissing(run_ids=", ".join(map(str, others)))


def list_giving_nothing(session: Session, runs: Sequence[SubsidyRun]) -> list[int]:
    """Return which of the runs that are not taken up yet give nothing, or less than they take."""
    fresh = {run.id for run in runs if run.stage is RunStage.PAYABLE and run.id is not None}
    with reaching_everywhere(session):
        giving = session.connection().execute(NET, {"runs": sorted(fresh)}).scalars().all()
    return sorted(fresh - set(giving))


def take_up(session: Session, runs: Sequence[SubsidyRun], budget_id: int) -> None:
    """Owe what runs came to, and let be owed back what they took away; once for each run.

    The caller reaches everywhere. Raises `RecoveryTooLarge`.
    """
    for run in runs:
        if run.stage is RunStage.PAYABLE:
            assert run.id is not None, "a stored row has its key"
            due = int(session.connection().execute(DUE, {"run": run.id}).scalar_one())
            books.enter(session, run.division_code, books.due(budget_id, run.id, due))
            take_back_of_run(session, run.id)
            run.stage = RunStage.IN_PAYMENT
    session.flush()


def settle_runs(session: Session, run_ids: Sequence[int]) -> None:
    """Note which runs are paid to the last line, and which are not or not any more."""
    with in_sets(session):
        session.connection().execute(SETTLE, {"runs": list(run_ids)}, execution_options=PATIENT)
    again = select(SubsidyRun).where(col(SubsidyRun.id).in_(run_ids))
    session.execute(again.execution_options(populate_existing=True)).scalars().all()


def runs_of_batch(session: Session, batch_id: int) -> list[int]:
    """Return the runs whose lines a batch pays."""
    return list(session.connection().execute(OF_BATCH, {"batch": batch_id}).scalars())
