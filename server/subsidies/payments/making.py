"""A batch is made of payable runs: one payment for each payee, within the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, insert, select, text
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.policies.programmes.terms import Beneficiary
from server.subsidies import books
from server.subsidies.budgets.errors import BudgetTooSmall
from server.subsidies.budgets.models import SubsidyBudget
from server.subsidies.models import SubsidyRun
from server.subsidies.payments.errors import NothingToPay
from server.subsidies.payments.models import (
    BatchState,
    PaymentState,
    SubsidyBatch,
    SubsidyPayment,
)
from server.subsidies.payments.payees import OPEN_LINES, Standing, last_four_of, list_payees
from server.subsidies.payments.running import (
    check_budget,
    hold_runs,
    list_giving_nothing,
    settle_runs,
    take_up,
)
from server.subsidies.reckoning.patience import PATIENT, count_payments_anew, in_sets
from server.subsidies.recoveries.models import EntryKind, SubsidyRecoveryEntry
from server.subsidies.recoveries.owing import owed_by
from server.subsidies.recoveries.rules import Owed, netted

PAYMENT = table_of(SubsidyPayment)
PUT_LINES = text(
    f"""
    WITH open AS MATERIALIZED ({OPEN_LINES})
    INSERT INTO subsidy_payment_line (payment_id, run_id, number, amount_fen)
    SELECT p.id, o.run_id, o.number, o.amount_fen
      FROM open o
      JOIN subsidy_payment p ON p.batch_id = :batch AND p.payee_kind = o.payee_kind
           AND p.payee_id = o.payee_id
    """
)


@dataclass(frozen=True)
class Planned:
    """A payment that will be: its payee, and what of it goes to which recovery."""

    payee: Row[Any]
    netted: Mapping[int, int]

    @property
    def netted_fen(self) -> int:
        """Return what is netted together."""
        return sum(self.netted.values())

    @property
    def amount_fen(self) -> int:
        """Return what goes to the account."""
        return int(self.payee.gross_fen) - self.netted_fen


@all_or_nothing
def make_batch(
    session: Session, *, budget_id: int, run_ids: Sequence[int], again_unchanged: bool = False
) -> SubsidyBatch | None:
    """Make a batch of what is open of these runs, and reserve the budget for it.

    None where runs that are taken up give nothing: what they take back is owed then. Accounts
    that failed before are left out until they are corrected, but for `again_unchanged`; payees
    whose failure nobody has confirmed are left out in any case. Raises `RunNotPayable`,
    `BudgetMissing`, `BudgetTooSmall`, `NothingToPay`, `RecoveryTooLarge`.
    """
    budget = _hold_budget(session, budget_id)
    runs = hold_runs(session, run_ids)
    if not runs or len(runs) != len(set(run_ids)):
        raise NotFound()
    check_budget(session, run_ids, budget_id)
    giving_nothing = list_giving_nothing(session, runs)
    with reaching_everywhere(session):
        take_up(session, runs, budget_id)
        plan = _plan(session, budget, run_ids, again_unchanged=again_unchanged)
        if giving_nothing:
            settle_runs(session, giving_nothing)
        if not plan and giving_nothing:
            return None
        return _make(session, budget, runs, plan)


def _make(
    session: Session, budget: SubsidyBudget, runs: Sequence[SubsidyRun], plan: Sequence[Planned]
) -> SubsidyBatch:
    if not plan:
        raise NothingToPay()
    total = sum(one.amount_fen for one in plan)
    _check_fits(budget, total)
    with refusing(session, {"ck_subsidy_budget_never_over": BudgetTooSmall(over_fen=total)}):
        batch_id = _put_batch(session, budget, plan)
    _put_payments(session, batch_id, budget.division_code, plan)
    run_ids = [run.id for run in runs]
    count_payments_anew(session, _put_lines(session, run_ids, batch_id))
    _put_netted(session, batch_id, plan)
    session.execute(select(func.seal_batch(batch_id)))
    assert budget.id is not None, "a stored row has its key"
    moved = books.Moved(total, _netted_together(plan))
    books.enter(session, budget.division_code, books.reserved(budget.id, batch_id, moved))
    session.refresh(budget)
    return session.get_one(SubsidyBatch, batch_id)


def _plan(
    session: Session, budget: SubsidyBudget, run_ids: Sequence[int], *, again_unchanged: bool
) -> list[Planned]:
    today, standings = clock.today(), {Standing.READY.value}
    if again_unchanged:
        standings.add(Standing.FAILED_ACCOUNT.value)
    payees = [one for one in list_payees(session, run_ids, day=today) if one.standing in standings]
    owed = _owed(session, payees, books.office_of(budget.division_code), today)
    return [
        Planned(one, netted(int(one.gross_fen), owed.get((one.payee_kind, one.payee_id), [])))
        for one in payees
    ]


def _owed(
    session: Session, payees: Sequence[Row[Any]], city: str, day: date
) -> dict[tuple[str, int], Sequence[Owed]]:
    """What payees of each kind owe; kinds are three at most."""
    found: dict[tuple[str, int], Sequence[Owed]] = {}
    for kind, some in groupby(payees, key=lambda one: one.payee_kind):
        of_kind = owed_by(session, kind, [one.payee_id for one in some], city=city, day=day)
        found.update({(kind, payee): owed for payee, owed in of_kind.items()})
    return found


def _check_fits(budget: SubsidyBudget, total: int) -> None:
    over = total - (budget.amount_fen - budget.reserved_fen - budget.paid_fen)
    if over > 0:
        raise BudgetTooSmall(over_fen=over)


def _put_batch(session: Session, budget: SubsidyBudget, plan: Sequence[Planned]) -> int:
    batch = insert(table_of(SubsidyBatch)).values(
        budget_id=budget.id,
        division_code=budget.division_code,
        accounts_on=clock.today(),
        state=BatchState.DRAFT,
        payments=len(plan),
        gross_fen=sum(int(one.payee.gross_fen) for one in plan),
        netted_fen=sum(one.netted_fen for one in plan),
        total_fen=sum(one.amount_fen for one in plan),
        made_at=clock.now(),
        made_by=actor_of(session).staff_id,
        words="",
    )
    made = batch.returning(table_of(SubsidyBatch).c.id)
    return int(session.execute(made).scalar_one())


def _put_payments(
    session: Session, batch_id: int, division_code: str, plan: Sequence[Planned]
) -> None:
    rows = [
        {
            "batch_id": batch_id,
            "division_code": division_code,
            "payee_kind": Beneficiary(one.payee.payee_kind),
            "payee_id": one.payee.payee_id,
            "payee_name": one.payee.payee_name,
            "bank": one.payee.bank,
            "holder_name": one.payee.holder_name,
            "account_cipher": one.payee.account_cipher,
            "account_digest": one.payee.account_digest,
            "last_four": last_four_of(one.payee),
            "gross_fen": one.payee.gross_fen,
            "netted_fen": one.netted_fen,
            "amount_fen": one.amount_fen,
            "state": PaymentState.OPEN,
            "code": "",
            "reason": "",
        }
        for one in plan
    ]
    session.execute(insert(PAYMENT), rows)


def _put_lines(session: Session, run_ids: Sequence[int | None], batch_id: int) -> int:
    told = {"runs": run_ids, "batch": batch_id}
    with in_sets(session):
        put = session.connection().execute(PUT_LINES, told, execution_options=PATIENT)
    return put.rowcount


def _put_netted(session: Session, batch_id: int, plan: Sequence[Planned]) -> None:
    """The part of a payment that its payee owed is paid back with it."""
    if not any(one.netted for one in plan):
        return
    where = PAYMENT.c.batch_id == batch_id, PAYMENT.c.netted_fen > 0
    made = session.execute(
        select(PAYMENT.c.id, PAYMENT.c.payee_kind, PAYMENT.c.payee_id).where(*where)
    )
    numbers = {(row.payee_kind.value, row.payee_id): row.id for row in made}
    common = {"on_day": clock.today(), "at": clock.now(), "by": actor_of(session).staff_id}
    rows = [
        {
            **common,
            "recovery_id": recovery_id,
            "kind": EntryKind.NETTED,
            "amount_fen": fen,
            "payment_id": numbers[one.payee.payee_kind, one.payee.payee_id],
            "receipt": "",
        }
        for one in plan
        for recovery_id, fen in one.netted.items()
    ]
    session.execute(insert(table_of(SubsidyRecoveryEntry)), rows)


def _netted_together(plan: Sequence[Planned]) -> dict[int, int]:
    together: dict[int, int] = {}
    for one in plan:
        for recovery_id, fen in one.netted.items():
            together[recovery_id] = together.get(recovery_id, 0) + fen
    return together


def _hold_budget(session: Session, budget_id: int) -> SubsidyBudget:
    query = select(SubsidyBudget).where(col(SubsidyBudget.id) == budget_id)
    found: SubsidyBudget | None = session.execute(
        query.with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found
