"""The first runs of the demo that may be paid, paid: two payments fail and are tried once more."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from infra.demo.subsidies import in_name_of
from server import clock
from server.subsidies.budgets.queries import budgets_of_runs
from server.subsidies.budgets.service import ask_change, decide_change
from server.subsidies.payments import accounts, confirming, filing, returning, steps
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import SubsidyBatch
from server.subsidies.payments.payees import list_payees
from server.subsidies.payments.rules import number_of
from server.subsidies.payments.writing import in_yuan

TIMES_WHAT_IS_DUE = 14
FAILING = 2
LONG_AGO = date(2020, 1, 1)
IS_THERE = text("SELECT EXISTS (SELECT 1 FROM subsidy_batch)")
# Runs of the first programme that waits for money.
RUNS = text(
    """
    SELECT r.id, r.division_code, r.total_fen, v.content ->> 'budget_line' AS line
      FROM subsidy_run r JOIN policy_version v ON v.id = r.version_id
     WHERE r.stage = 'payable' AND r.kind <> 'what_if' AND r.total_fen > 0
       AND v.content ->> 'budget_line' = (
           SELECT w.content ->> 'budget_line' FROM subsidy_run s
             JOIN policy_version w ON w.id = s.version_id
            WHERE s.stage = 'payable' AND s.kind <> 'what_if' AND s.total_fen > 0
            ORDER BY s.first_month, s.id LIMIT 1)
     ORDER BY r.id
    """
)
# What else waits: it has its budget, and the cashier makes the batch.
OTHERS = text(
    """
    SELECT v.content ->> 'budget_line' AS line, sum(r.total_fen)::bigint AS total_fen
      FROM subsidy_run r JOIN policy_version v ON v.id = r.version_id
     WHERE r.stage = 'payable' AND r.kind <> 'what_if' AND v.content ->> 'budget_line' <> :line
     GROUP BY 1 HAVING sum(r.total_fen) > 0 ORDER BY 1
    """
)
TO_PAY = text("SELECT id, amount_fen FROM subsidy_payment WHERE batch_id = :batch ORDER BY id")


def is_month_paid(session: Session) -> bool:
    """True once any batch was made, and where no run waits for money."""
    is_made = bool(session.execute(IS_THERE).scalar_one())
    return is_made or not session.connection().execute(RUNS).all()


def put_paid_month(session: Session) -> int:
    """Pay what waits, let two payments fail, and try them again; returns how many batches.

    Nothing where no run waits for money.
    """
    runs = session.connection().execute(RUNS).all()
    if is_month_paid(session) or not runs:
        return 0
    ids = [run.id for run in runs]
    city, line = runs[0].division_code[:4], runs[0].line
    _put_budget(session, city, line, sum(run.total_fen for run in runs))
    for other in session.connection().execute(OTHERS, {"line": line}):
        _put_budget(session, city, other.line, other.total_fen)
    _tell_accounts(session, ids)
    budget_id = budgets_of_runs(session, ids, year=clock.today().year)[ids[0]]
    first = _pay(session, budget_id, ids, failing=FAILING)
    second = _pay(session, budget_id, ids, failing=0) if first else None
    return len([one for one in (first, second) if one])


def _put_budget(session: Session, city: str, line: str, due_fen: int) -> None:
    year = clock.today().year
    with in_name_of(session, "city"):
        change = ask_change(
            session, line=line, year=year, division_code=city,
            delta_fen=TIMES_WHAT_IS_DUE * due_fen,
            document=f"{year} 年部门预算批复（演示）", holds_on=date(year, 1, 4),
        )  # fmt: skip
    assert change.id is not None, "a flushed row has its key"
    with in_name_of(session, "approver"):
        decide_change(session, change.id, is_right=True)


def _tell_accounts(session: Session, run_ids: Sequence[int]) -> None:
    """Sites of the demo have an account made up of their number."""
    for one in list_payees(session, run_ids, day=clock.today()):
        if one.payee_kind == "site" and one.standing == "no_account":
            told = accounts.tell_account(
                session, one.payee_id, bank="农村信用社", account=f"62{one.payee_id:017d}",
                holder_name=one.payee_name[:60], starts_on=LONG_AGO,
            )  # fmt: skip
            assert told.id is not None, "a flushed row has its key"
            accounts.decide_account(session, told.id, is_right=True)


def _pay(
    session: Session, budget_id: int, run_ids: Sequence[int], *, failing: int
) -> SubsidyBatch | None:
    with in_name_of(session, "cashier"):
        batch = make_batch(session, budget_id=budget_id, run_ids=run_ids, again_unchanged=True)
    if batch is None or batch.id is None:
        return None
    with in_name_of(session, "approver"):
        steps.check(session, batch.id)
    with in_name_of(session, "cashier"):
        return_id = _send(session, batch, failing)
    if failing and return_id is not None:
        with in_name_of(session, "approver"):
            confirming.confirm_return(session, return_id)
    with in_name_of(session, "cashier"):
        return steps.reconcile(session, batch.id, statement_fen=batch.paid_fen)


def _send(session: Session, batch: SubsidyBatch, failing: int) -> int | None:
    """Sent, and answered by the bank; returns the number of its answer."""
    assert batch.id is not None, "a flushed row has its key"
    filing.make_file(session, batch.id, layout="generic", ending="csv", purpose="补贴发放")
    steps.send(session, batch.id)
    content = _answer(session, batch.id, failing)
    name = f"回盘-{batch.id}.csv"
    told = returning.import_return(session, batch.id, content, layout="generic", file_name=name)
    session.refresh(batch)
    return told.taken.id if told.taken else None


def _answer(session: Session, batch_id: int, failing: int) -> bytes:
    """What the bank says: the first few fail, since it could not reach the account."""
    text_of = io.StringIO()
    writer = csv.writer(text_of)
    writer.writerow(["发放编号", "金额（元）", "处理结果", "失败代码", "失败原因"])
    rows = session.connection().execute(TO_PAY, {"batch": batch_id})
    for position, row in enumerate(row for row in rows if row.amount_fen):
        said = ["失败", "E07", "收款行系统维护"] if position < failing else ["成功", "", ""]
        writer.writerow([number_of(row.id), in_yuan(row.amount_fen), *said])
    return text_of.getvalue().encode()
