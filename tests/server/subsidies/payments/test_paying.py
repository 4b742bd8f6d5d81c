"""From payable lines to money on accounts: batches, the bank's answers, retries, the books."""

import pytest
from sqlalchemy import text

from server import clock
from server.ledger.models import AccountKind
from server.ledger.queries import balances_of_office
from server.subsidies.budgets.errors import BudgetTooSmall
from server.subsidies.models import RunKind, RunStage
from server.subsidies.payments import filing, returning, steps
from server.subsidies.payments.errors import (
    BankFileMade,
    BankFileMissing,
    BatchNotSo,
    BudgetMissing,
    NothingToPay,
    PaymentsOpen,
    RunNotPayable,
    StatementDiffers,
)
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import BatchState
from server.subsidies.payments.payees import list_payees
from server.subsidies.payments.rules import Told, number_of
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run, make_version
from tests.factories.subsidy_money import (
    a_return,
    answer,
    check_whole,
    confirmed,
    give_account,
    give_elder_account,
    make_budget,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

USED = text("SELECT reserved_fen, paid_fen FROM subsidy_budget WHERE id = :budget")
END = text("UPDATE payee_account SET ends_on = :day WHERE resident_id = :elder")


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def home(session):
    site = make_site(session)
    give_account(session, site)
    return site


@pytest.fixture
def elders(session):
    return [make_resident(session) for _ in range(3)]


@pytest.fixture
def elders_run(session, elders):
    """Three elders are due 300 yuan each, to accounts of their own."""
    for number, elder in enumerate(elders):
        give_elder_account(session, elder, f"622848000000000010{number}")
    version = make_version(session, paid_to("resident"))
    return make_payable(session, [{"resident_id": one.id} for one in elders], version=version)


def used(session, budget_id):
    row = session.execute(USED, {"budget": budget_id}).one()
    return row.reserved_fen, row.paid_fen


def correct_account(session, elder, number):
    """The account ends yesterday, and another holds from today on."""
    today = clock.today()
    session.execute(END, {"elder": elder.id, "day": today})
    give_elder_account(session, elder, number, starts_on=today)


def book(session, budget_id):
    return balances_of_office(session, "1405", [f"budget:{budget_id}"])


class TestABatch:
    def test_lines_of_a_home_are_one_payment(self, session, budget, home):
        run = make_payable(session, [{"site_id": home.id}, {"site_id": home.id}])
        batch = make_batch(session, budget_id=budget, run_ids=[run.id])
        check_whole(session)

        (payment,) = payments_of(session, batch)
        assert (payment.payee_kind, payment.payee_id) == ("site", home.id)
        assert (payment.amount_fen, payment.last_four) == (60000, "0001")
        assert (batch.payments, batch.total_fen, len(batch.digest)) == (1, 60000, 32)
        assert used(session, budget) == (60000, 0)
        session.refresh(run)
        assert run.stage is RunStage.IN_PAYMENT

    def test_two_runs_are_paid_together(self, session, budget, home):
        version = make_version(session)
        runs = [make_payable(session, [{"site_id": home.id}], version=version) for _ in "ab"]
        batch = make_batch(session, budget_id=budget, run_ids=[one.id for one in runs])

        assert (batch.payments, batch.total_fen) == (1, 60000)

    def test_over_the_budget_it_stops_and_says_by_how_much(self, session, home):
        small = make_budget(session, 25_000)
        run = make_payable(session, [{"site_id": home.id}])

        with pytest.raises(BudgetTooSmall) as refused:
            make_batch(session, budget_id=small, run_ids=[run.id])
        assert refused.value.facts == {"over_fen": 5000}
        session.refresh(run)
        assert run.stage is RunStage.PAYABLE
        assert used(session, small) == (0, 0)

    def test_the_budget_is_of_the_runs_line_and_division(self, session, budget, home):
        other = make_budget(session, line="助餐")
        nearer = make_budget(session, division_code="140502")
        run = make_payable(session, [{"site_id": home.id}])
        of_the_county = make_payable(session, [{"site_id": home.id}], division_code="140502")

        with pytest.raises(BudgetMissing):
            make_batch(session, budget_id=other, run_ids=[run.id])
        with pytest.raises(BudgetMissing):
            make_batch(session, budget_id=budget, run_ids=[of_the_county.id])
        assert make_batch(session, budget_id=nearer, run_ids=[of_the_county.id]).payments == 1

    def test_only_what_was_noticed_is_paid(self, session, budget, home):
        run = make_run(session, [{"site_id": home.id}])
        trial = make_run(session, [{"site_id": home.id}], kind=RunKind.WHAT_IF)

        for one in (run, trial):
            with pytest.raises(RunNotPayable):
                make_batch(session, budget_id=budget, run_ids=[one.id])

    def test_a_run_that_gives_nobody_anything_is_done_with(self, session, budget, home):
        refused = {"site_id": home.id, "outcome": "refused", "amount_fen": 0}
        run = make_payable(session, [refused])

        assert make_batch(session, budget_id=budget, run_ids=[run.id]) is None
        session.refresh(run)
        assert run.stage is RunStage.PAID

    def test_who_has_no_account_is_named_and_left_out(self, session, budget, elders):
        give_elder_account(session, elders[0])
        version = make_version(session, paid_to("resident"))
        lines = [{"resident_id": one.id} for one in elders]
        run = make_payable(session, lines, version=version)
        standing = {
            one.payee_id: one.standing for one in list_payees(session, [run.id], day=clock.today())
        }

        assert standing[elders[0].id] == "ready"
        assert standing[elders[1].id] == "no_account"
        assert make_batch(session, budget_id=budget, run_ids=[run.id]).payments == 1
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id])

    def test_cancelled_it_gives_everything_back(self, session, budget, elders_run):
        batch = make_batch(session, budget_id=budget, run_ids=[elders_run.id])
        steps.cancel(session, batch.id, words="金额有误")
        check_whole(session)

        assert used(session, budget) == (0, 0)
        assert {one.state for one in payments_of(session, batch)} == {"cancelled"}
        assert book(session, budget)[AccountKind.DUE] == -90000
        assert make_batch(session, budget_id=budget, run_ids=[elders_run.id]).payments == 3

    def test_sent_it_is_not_cancelled(self, session, budget, elders_run):
        batch = send_batch(session, budget, elders_run)

        with pytest.raises(BatchNotSo):
            steps.cancel(session, batch.id, words="太晚了")


class TestTheFile:
    def test_it_is_made_once_and_is_the_same_bytes(self, session, budget, elders_run):
        batch = make_batch(session, budget_id=budget, run_ids=[elders_run.id])
        with pytest.raises(BatchNotSo):
            filing.make_file(session, batch.id, layout="generic", ending="csv", purpose="补贴")
        steps.check(session, batch.id)
        with pytest.raises(BankFileMissing):
            steps.send(session, batch.id)
        filing.make_file(session, batch.id, layout="generic", ending="xlsx", purpose="补贴")
        with pytest.raises(BankFileMade):
            filing.make_file(session, batch.id, layout="generic", ending="csv", purpose="补贴")

        _, once = filing.open_file(session, batch.id, reason="送银行")
        file, again = filing.open_file(session, batch.id, reason="银行没收到")
        assert once == again
        assert (file.payments, file.total_fen) == (3, 90000)

    @pytest.mark.parametrize(
        ("layout", "encoding", "total"),
        [
            ("generic", "utf-8-sig", "合计,3笔,900.00"),
            ("rural-credit", "gb18030", "合计,3笔,900.00"),
            ("agricultural-bank", "gb18030", "合计,3笔,90000"),
        ],
    )
    def test_banks_have_their_own_forms(self, session, budget, elders_run, layout, encoding, total):
        batch = make_batch(session, budget_id=budget, run_ids=[elders_run.id])
        steps.check(session, batch.id)
        filing.make_file(session, batch.id, layout=layout, ending="csv", purpose="补贴")
        _, content = filing.open_file(session, batch.id, reason="送银行")
        text = content.decode(encoding)

        assert total in text
        assert "6228480000000000101" in text
        assert number_of(payments_of(session, batch)[0].id) in text


class TestTheReturn:
    def test_all_paid_and_reconciled_to_the_fen(self, session, budget, elders_run):
        batch = send_batch(session, budget, elders_run)
        taken = answer(session, batch).taken
        check_whole(session)

        assert (taken.paid, taken.failed) == (3, 0)
        session.refresh(batch)
        assert (batch.state, batch.paid_fen, batch.failed_fen) == (BatchState.RETURNED, 90000, 0)
        assert used(session, budget) == (0, 90000)
        session.refresh(elders_run)
        assert elders_run.stage is RunStage.PAID
        with pytest.raises(StatementDiffers) as refused:
            steps.reconcile(session, batch.id, statement_fen=89999)
        assert refused.value.facts == {"by_fen": -1}
        steps.reconcile(session, batch.id, statement_fen=90000)
        assert batch.state is BatchState.RECONCILED
        balances = book(session, budget)
        assert balances[AccountKind.TREASURY] == -90000
        assert balances[AccountKind.DUE] == balances[AccountKind.AT_BANK] == 0

    def test_one_fails_is_retried_with_its_own_account_and_stays_failed(
        self, session, budget, elders, elders_run
    ):
        batch = send_batch(session, budget, elders_run)
        first = payments_of(session, batch)[0]
        confirmed(session, answer(session, batch, failed={first.id}))
        check_whole(session)

        session.refresh(batch)
        assert (batch.paid_fen, batch.failed_fen) == (60000, 30000)
        assert used(session, budget) == (0, 60000)
        session.refresh(elders_run)
        assert elders_run.stage is RunStage.IN_PAYMENT
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[elders_run.id])
        correct_account(session, elders[0], "6228480000000000777")
        retry = send_batch(session, budget, elders_run)
        answer(session, retry)
        check_whole(session)

        (second,) = payments_of(session, retry)
        assert (second.payee_id, second.last_four) == (first.payee_id, "0777")
        assert second.id != first.id
        assert payments_of(session, batch)[0].state == "failed"
        session.refresh(elders_run)
        assert elders_run.stage is RunStage.PAID
        assert used(session, budget) == (0, 90000)

    def test_the_same_account_is_tried_again_where_somebody_says_so(
        self, session, budget, elders_run
    ):
        batch = send_batch(session, budget, elders_run)
        confirmed(session, answer(session, batch, failed={payments_of(session, batch)[0].id}))

        retry = make_batch(session, budget_id=budget, run_ids=[elders_run.id], again_unchanged=True)
        assert retry.total_fen == 30000

    def test_a_part_comes_first_and_the_rest_later(self, session, budget, elders_run):
        batch = send_batch(session, budget, elders_run)
        ids = [one.id for one in payments_of(session, batch)]
        answer(session, batch, only=ids[:1])
        with pytest.raises(PaymentsOpen) as refused:
            steps.reconcile(session, batch.id, statement_fen=30000)
        assert refused.value.facts == {"open_fen": 60000}
        again = answer(session, batch).taken

        assert (again.paid, again.repeated) == (2, 1)

    def test_the_same_file_counts_once(self, session, budget, elders_run):
        batch = send_batch(session, budget, elders_run)
        first, second = answer(session, batch), answer(session, batch)

        assert not first.is_known
        assert second.is_known
        assert second.taken.id == first.taken.id
        session.refresh(batch)
        assert batch.paid_fen == 90000

    def test_paid_and_then_given_back(self, session, budget, elders, elders_run):
        batch = send_batch(session, budget, elders_run)
        answer(session, batch)
        first = payments_of(session, batch)[0]
        taken = answer(session, batch, failed={first.id}, only={first.id}).taken
        check_whole(session)

        assert taken.came_back == 1
        session.refresh(batch)
        assert (batch.paid_fen, batch.failed_fen) == (60000, 30000)
        assert used(session, budget) == (0, 60000)
        assert book(session, budget)[AccountKind.TREASURY] == -60000
        session.refresh(elders_run)
        assert elders_run.stage is RunStage.IN_PAYMENT

    def test_what_does_not_fit_is_named_row_by_row_and_nothing_is_done(
        self, session, budget, elders_run
    ):
        batch = send_batch(session, budget, elders_run)
        one, two, three = payments_of(session, batch)
        rows = a_return([one, two, three]).decode().splitlines()
        rows[2] = rows[2].replace("300.00", "300.01")
        content = "\n".join(
            [*rows, rows[1], "YL000000000100,300.00,成功,,", f"{number_of(two.id)}9,3,?,,"]
        )
        told = returning.import_return(
            session, batch.id, content.encode(), layout="generic", file_name="a.csv"
        )

        assert told.taken is None
        assert [(fault.row.row_no, fault.told) for fault in told.faults] == [
            (2, Told.TWICE), (3, Told.OTHER_AMOUNT), (5, Told.TWICE), (6, Told.UNKNOWN),
            (7, Told.UNREADABLE),
        ]  # fmt: skip
        session.refresh(batch)
        assert (batch.state, batch.paid_fen) == (BatchState.SENT, 0)

    def test_a_failed_one_is_not_paid_afterwards(self, session, budget, elders_run):
        batch = send_batch(session, budget, elders_run)
        first = payments_of(session, batch)[0]
        answer(session, batch, failed={first.id})

        assert [fault.told for fault in answer(session, batch).faults] == [Told.CONTRADICTS]
