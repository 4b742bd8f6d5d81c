"""Payable runs are paid: batch, file, the bank's answer with failures, and once more."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text
from sqlmodel import col

from infra.bench.year_hands import Hands, platform
from infra.bench.year_runs import Tally
from server import clock
from server.db.tables import table_of
from server.identity.models import Role
from server.policies.programmes.terms import Beneficiary
from server.subsidies.budgets.queries import budgets_of_runs
from server.subsidies.budgets.service import ask_change, decide_change
from server.subsidies.payments import accounts, confirming, filing, returning, steps
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import PaymentState, SubsidyPayment

FAILING = 2
A_BUDGET_FEN = 100_000_000_000
PAYMENT = table_of(SubsidyPayment)
NAMES = text(
    "SELECT r.id, v.content ->> 'budget_line' AS line, r.total_fen FROM subsidy_run r"
    " JOIN policy_version v ON v.id = r.version_id WHERE r.id = ANY(:runs) ORDER BY r.id"
)
LINES = text("SELECT DISTINCT content ->> 'budget_line' AS line FROM policy_version ORDER BY 1")
HAS_DUE = text(
    "SELECT DISTINCT run_id FROM subsidy_line WHERE run_id = ANY(:runs) AND amount_fen <> 0"
    " AND outcome = 'due'"
)

OPEN = text("SELECT id FROM subsidy_run WHERE id = ANY(:runs) AND stage = 'in_payment' ORDER BY id")


@dataclass
class Paid:
    """What the bank was given over the year, counted on its side."""

    batches: int = 0
    payments: int = 0
    failed: int = 0
    statement_fen: int = 0


def put_budgets(hands: Hands, years: Sequence[int]) -> None:
    """A budget for every line and year: asked by one, decided by another."""
    with platform() as session:
        lines = [row.line for row in session.connection().execute(LINES)]
    for line, year in ((line, year) for line in lines for year in years):
        with hands.of(Role.CITY_OFFICER) as session:
            change = ask_change(
                session, line=line, year=year, division_code=hands.city, delta_fen=A_BUDGET_FEN,
                document=f"{year} 年部门预算批复", holds_on=date(year, 1, 4),
            )  # fmt: skip
        assert change.id is not None, "a flushed row has its key"
        with hands.of(Role.APPROVER) as session:
            decide_change(session, change.id, is_right=True)


def pay(hands: Hands, tallies: Mapping[int, Tally], paid: Paid) -> None:
    """Pay these runs by their budget lines, until nothing of them is open."""
    with platform() as session:
        found = session.connection().execute(NAMES, {"runs": list(tallies)}).all()
        due = set(session.connection().execute(HAS_DUE, {"runs": list(tallies)}).scalars())
    by_line: dict[str, list[int]] = {}
    for row in found:
        if row.id in due:
            by_line.setdefault(row.line, []).append(row.id)
    for runs in by_line.values():
        with tallies[runs[0]].timing("pay"):
            _pay_line(hands, runs, paid)


def _pay_line(hands: Hands, runs: Sequence[int], paid: Paid) -> None:
    with hands.of(Role.CITY_OFFICER) as session:
        budget_id = budgets_of_runs(session, runs, year=clock.today().year)[runs[0]]
    batch_id = _batch(hands, budget_id, runs, again_unchanged=False)
    if batch_id is None:
        return
    failed = _through_the_bank(hands, batch_id, paid, failing=FAILING)
    if not failed:
        return
    _correct(hands, [one for kind, one in failed if kind is Beneficiary.SITE])
    again = _batch(hands, budget_id, _still_open(runs), again_unchanged=True)
    assert again is not None, "what failed is open again"
    _through_the_bank(hands, again, paid, failing=0)


def _still_open(runs: Sequence[int]) -> list[int]:
    """Return those that are not paid to the last line: what only takes back is done by now."""
    with platform() as session:
        return list(session.connection().execute(OPEN, {"runs": list(runs)}).scalars())


def _batch(
    hands: Hands, budget_id: int, runs: Sequence[int], *, again_unchanged: bool
) -> int | None:
    with hands.of(Role.CASHIER) as session:
        batch = make_batch(
            session, budget_id=budget_id, run_ids=runs, again_unchanged=again_unchanged
        )
        return None if batch is None else batch.id


def _through_the_bank(
    hands: Hands, batch_id: int, paid: Paid, *, failing: int
) -> list[tuple[Beneficiary, int]]:
    """Checked, filed, sent, answered, failures confirmed, and reconciled; returns the payees whose
    payments failed."""
    with hands.of(Role.APPROVER) as session:
        steps.check(session, batch_id)
    with hands.of(Role.CASHIER) as session:
        filing.make_file(session, batch_id, layout="generic", ending="csv", purpose="补贴发放")
        steps.send(session, batch_id)
        _, sent = filing.open_file(session, batch_id, reason="送交银行")
    answer, statement = _bank(sent, paid, failing)
    with hands.of(Role.CASHIER) as session:
        name = f"回盘-{batch_id}.csv"
        told = returning.import_return(session, batch_id, answer, layout="generic", file_name=name)
        return_id = told.taken.id if told.taken and told.taken.failed else None
    if return_id is not None:
        with hands.of(Role.APPROVER) as session:
            confirming.confirm_return(session, return_id)
    with hands.of(Role.CASHIER) as session:
        steps.reconcile(session, batch_id, statement_fen=statement)
    paid.batches += 1
    paid.statement_fen += statement
    return _failed(batch_id) if failing else []


def _bank(sent: bytes, paid: Paid, failing: int) -> tuple[bytes, int]:
    """The bank reads the file and answers row by row: it cannot reach the first accounts."""
    said, statement = io.StringIO(), 0
    writer = csv.writer(said)
    writer.writerow(["发放编号", "金额（元）", "处理结果", "失败代码", "失败原因"])
    rows = csv.DictReader(io.StringIO(sent.decode("utf-8-sig")))
    for place, row in enumerate(one for one in rows if one["发放编号"].startswith("YL")):
        is_failed = place < failing
        result = ["失败", "E07", "账号户名不符"] if is_failed else ["成功", "", ""]
        writer.writerow([row["发放编号"], row["金额（元）"], *result])
        paid.payments += 1
        paid.failed += is_failed
        statement += 0 if is_failed else int(row["金额（元）"].replace(".", ""))
    return said.getvalue().encode(), statement


def _failed(batch_id: int) -> list[tuple[Beneficiary, int]]:
    with platform() as session:
        rows = session.execute(
            select(PAYMENT.c.payee_kind, PAYMENT.c.payee_id).where(
                PAYMENT.c.batch_id == batch_id, col(PAYMENT.c.state) == PaymentState.FAILED
            )
        )
        return [(row.payee_kind, row.payee_id) for row in rows]


def _correct(hands: Hands, sites: Sequence[int]) -> None:
    """One person tells the right account of a site, and another confirms it."""
    for site_id in sites:
        with hands.of(Role.CITY_OFFICER) as session:
            told = accounts.tell_account(
                session, site_id, bank="农村信用社", account=_another_account(site_id),
                holder_name=f"测试机构{site_id}", starts_on=clock.today(),
            )  # fmt: skip
        assert told.id is not None, "a flushed row has its key"
        with hands.of(Role.APPROVER) as session:
            accounts.decide_account(session, told.id, is_right=True)


def _another_account(site_id: int) -> str:
    return f"64{site_id:09d}{clock.today():%Y%m%d}"
