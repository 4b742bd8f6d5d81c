"""Whatever is done in whatever order: the books balance, and every fen is in one place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server import clock
from server.errors import DomainError
from server.ledger.models import AccountKind
from server.ledger.queries import balances_of_office
from server.subsidies.models import RunKind
from server.subsidies.payments import filing, steps
from server.subsidies.payments.confirming import confirm_return
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import BatchState, SubsidyBatch
from server.subsidies.recoveries import settling
from tests.factories.people import make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    check_whole,
    confirmed,
    give_elder_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    payments_of,
)

BUDGET_FEN = 200_000
STEPS = ("run", "difference", "make", "check", "send", "answer", "cancel", "reconcile", "receive",
         "write_off", "come_back", "confirm")  # fmt: skip
OFTEN = ("make", "check", "send", "answer", "confirm")
WAITING = text(
    "SELECT id FROM subsidy_bank_return WHERE confirmed_at IS NULL AND failed + came_back > 0"
    " ORDER BY id"
)
SUMS = text(
    """
    SELECT (SELECT coalesce(sum(amount_fen), 0) FROM ledger_entry) AS balance,
           (SELECT coalesce(sum(l.amount_fen), 0) FROM subsidy_line l JOIN subsidy_run r
                ON r.id = l.run_id AND r.stage IN ('in_payment', 'paid')
             WHERE l.amount_fen > 0) AS due,
           (SELECT coalesce(sum(p.gross_fen), 0) FROM subsidy_payment p JOIN subsidy_batch b
                ON b.id = p.batch_id WHERE p.state IN ('open', 'paid') AND b.sent_at IS NOT NULL)
                AS sent_gross,
           (SELECT coalesce(sum(netted_fen), 0) FROM subsidy_batch
             WHERE state IN ('draft', 'checked')) AS netted_early,
           (SELECT coalesce(sum(p.amount_fen), 0) FROM subsidy_payment p JOIN subsidy_batch b
                ON b.id = p.batch_id WHERE p.state = 'open' AND b.sent_at IS NOT NULL) AS at_bank,
           (SELECT coalesce(sum(amount_fen), 0) FROM subsidy_payment WHERE state = 'paid') AS paid,
           (SELECT coalesce(sum(amount_fen - netted_fen - received_fen - written_off_fen), 0)
              FROM subsidy_recovery) AS owed,
           (SELECT coalesce(sum(received_fen), 0) FROM subsidy_recovery) AS received,
           (SELECT reserved_fen FROM subsidy_budget) AS reserved,
           (SELECT paid_fen FROM subsidy_budget) AS budget_paid,
           (SELECT amount_fen FROM subsidy_budget) AS budget,
           (SELECT count(*) FROM subsidy_batch b WHERE b.state <> 'cancelled' AND b.total_fen <>
                (SELECT sum(amount_fen) FROM subsidy_payment p WHERE p.batch_id = b.id)) AS unequal,
           (SELECT count(*) FROM subsidy_batch b WHERE b.paid_fen + b.failed_fen > b.total_fen)
                AS beyond,
           (SELECT count(*) FROM subsidy_payment_line x
              JOIN subsidy_payment_line y USING (run_id, number)
              JOIN subsidy_payment p ON p.id = y.payment_id AND p.state = 'failed'
              JOIN subsidy_bank_return b ON b.id = p.return_id AND b.confirmed_at IS NULL
             WHERE x.is_live) AS unconfirmed
    """
)
SUBJECTS = text(
    "SELECT DISTINCT subject FROM ledger_account WHERE office_code IS NOT NULL ORDER BY 1"
)


class Office:
    """Three elders, a budget, and whoever does the next thing that can be done."""

    def __init__(self, session):
        self.session = session
        self.budget = make_budget(session, BUDGET_FEN)
        self.version = make_version(session, paid_to("resident", most_percent=60))
        self.elders = [make_resident(session) for _ in range(3)]
        for number, elder in enumerate(self.elders):
            give_elder_account(session, elder, f"622848000000000020{number}")
        self.months = 0
        self.runs = []

    def batches(self, *states):
        rows = self.session.execute(
            steps.select(SubsidyBatch).where(steps.col(SubsidyBatch.state).in_(states))
        )
        return rows.scalars().all()

    def run(self, pick):
        self.months += 1
        month = clock.today().replace(year=2000 + self.months, month=1, day=1)
        lines = [
            {"resident_id": one.id, "month": month, "amount_fen": 10_000 + 7 * (pick % 5)}
            for one in self.elders
        ]
        self.runs.append(make_payable(self.session, lines, version=self.version, first_month=month))

    def difference(self, pick):
        months = [one for one in self.runs if one.kind is RunKind.REGULAR]
        run, number = months[pick % len(months)], pick % 3 + 1
        fen = (-3000, -9999, 500)[pick % 3]
        elder = {"resident_id": self.elders[number - 1].id}
        self.runs.append(make_difference(self.session, run, number, fen, self.version, **elder))

    def make(self, pick):
        ids = [one.id for one in self.runs if one.stage in ("payable", "in_payment")]
        make_batch(
            self.session, budget_id=self.budget, run_ids=ids[pick % 3 :], again_unchanged=True
        )

    def check(self, pick):
        for one in self.batches(BatchState.DRAFT)[: pick % 2 + 1]:
            steps.check(self.session, one.id)

    def send(self, pick):
        for one in self.batches(BatchState.CHECKED)[:1]:
            if one.total_fen:
                filing.make_file(
                    self.session, one.id, layout="generic", ending="csv", purpose="补贴"
                )
            steps.send(self.session, one.id)

    def answer(self, pick):
        for one in self.batches(BatchState.SENT, BatchState.RETURNED)[:1]:
            ids = [row.id for row in payments_of(self.session, one) if row.state == "open"]
            if ids:
                some = set(ids[: pick % 3 + 1])
                answer(self.session, one, failed=set(ids[:1]) if pick % 2 else (), only=some)

    def come_back(self, pick):
        for one in self.batches(BatchState.RETURNED, BatchState.RECONCILED)[:1]:
            paid = [row.id for row in payments_of(self.session, one)
                    if row.state == "paid" and row.amount_fen]  # fmt: skip
            if paid:
                answer(self.session, one, failed=set(paid[:1]), only=set(paid[:1]))

    def confirm(self, pick):
        for number in self.session.execute(WAITING).scalars().all()[: pick % 2 + 1]:
            confirm_return(self.session, number)

    def cancel(self, pick):
        for one in self.batches(BatchState.DRAFT, BatchState.CHECKED)[-1:]:
            steps.cancel(self.session, one.id, words="重做")

    def reconcile(self, pick):
        for one in self.batches(BatchState.RETURNED)[:1]:
            steps.reconcile(self.session, one.id, statement_fen=one.paid_fen)

    def receive(self, pick):
        for row in self.owed()[:1]:
            settling.receive(
                self.session, row.id, fen=1 + pick * 40, receipt=f"HD{self.months}-{pick}",
                on_day=clock.today(),
            )  # fmt: skip

    def write_off(self, pick):
        for row in self.owed()[-1:]:
            asked = settling.ask_write_off(self.session, row.id, fen=1 + pick * 30, words="无力")
            settling.decide(self.session, asked.id, is_right=True)

    def owed(self):
        return self.session.execute(text("SELECT id FROM subsidy_recovery ORDER BY id")).all()

    def settle(self):
        self.session.expire_all()
        check_whole(self.session)
        sums = self.session.execute(SUMS).one()
        subjects = self.session.execute(SUBJECTS).scalars().all()
        book = balances_of_office(self.session, "1405", subjects)

        assert sums.balance == sums.unequal == sums.beyond == sums.unconfirmed == 0
        assert book[AccountKind.DUE] == -(sums.due - sums.sent_gross - sums.netted_early)
        assert book[AccountKind.AT_BANK] == -sums.at_bank
        assert book[AccountKind.TREASURY] == sums.received - sums.paid
        assert book[AccountKind.COMMITTED] == -book[AccountKind.BUDGET] == sums.reserved
        assert book[AccountKind.RECOVERY] == sums.owed
        assert sums.budget_paid == sums.paid
        assert sums.reserved + sums.budget_paid <= sums.budget


@pytest.mark.long
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    taken=st.lists(
        st.tuples(st.sampled_from([*STEPS, *OFTEN]), st.integers(0, 30)), min_size=8, max_size=30
    )
)
def test_every_fen_is_in_one_place(session, taken):
    with session.begin_nested() as savepoint:
        office = Office(session)
        office.run(0)
        for step, pick in taken:
            try:
                with session.begin_nested():
                    getattr(office, step)(pick)
            except DomainError:
                office.runs = [one for one in office.runs if one in session]
            office.settle()
        savepoint.rollback()


@pytest.mark.parametrize("failing", [(), (0,), (0, 2)])
def test_a_month_with_failures_and_a_retry(session, failing):
    office = Office(session)
    for step in ("run", "make", "check", "send"):
        getattr(office, step)(0)
        office.settle()
    (batch,) = office.batches(BatchState.SENT)
    ids = [one.id for one in payments_of(session, batch)]
    confirmed(session, answer(session, batch, failed={ids[one] for one in failing}))
    office.settle()
    office.reconcile(0)
    if failing:
        for step in ("make", "check", "send"):
            getattr(office, step)(0)
        answer(session, office.batches(BatchState.SENT)[0])
    office.settle()

    assert {run.stage for run in office.runs} == {"paid"}
