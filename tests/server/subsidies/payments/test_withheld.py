"""What was held out, is in question, or was never given, moves no money."""

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from server import clock
from server.db.tables import table_of
from server.findings.models import Finding, FindingKind, FindingState
from server.subsidies.approvals.models import HeldFor, SubsidyHeldLine
from server.subsidies.checks.checks import BLOCKING
from server.subsidies.checks.models import FindingLine
from server.subsidies.models import RunStage, SubsidyRun
from server.subsidies.payments import filing, steps
from server.subsidies.payments.errors import LinesInQuestion, NothingToPay, RunNotPayable
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.queries import list_to_pay
from server.subsidies.reckoning.errors import RunHasCorrections
from server.subsidies.reckoning.service import discard
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.subsidies import make_run, make_version, move_run
from tests.factories.subsidy_money import (
    answer,
    check_whole,
    give_account,
    make_budget,
    make_difference,
    make_payable,
    payments_of,
    send_batch,
)

OWED = text("SELECT coalesce(sum(amount_fen), 0) FROM subsidy_recovery")
PUT_LINE = text(
    "INSERT INTO subsidy_payment_line (payment_id, run_id, number, amount_fen)"
    " VALUES (:payment, :run, :number, 30000)"
)


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def home(session):
    site = make_site(session)
    give_account(session, site)
    return site


def three_lines(home):
    return [{"site_id": home.id} for _ in range(3)]


def hold_out(session, run, number):
    """A line that an objection took out of its run, in the days of the notice."""
    before = run.stage
    move_run(session, run, RunStage.IN_NOTICE)
    session.add(
        SubsidyHeldLine(
            run_id=run.id, number=number, held_for=HeldFor.OBJECTION, words="异议成立",
            held_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    move_run(session, run, before)


def sent(session, batch):
    steps.check(session, batch.id)
    filing.make_file(session, batch.id, layout="generic", ending="csv", purpose="运营补贴")
    return steps.send(session, batch.id)


def question(session, run, *numbers, kind=FindingKind.SUBSIDY_AFTER_DEATH):
    """A finding about lines of a run, which nobody has looked into."""
    site_id = make_site(session).id
    finding = Finding(
        kind=kind, subject=f"line:{run.id}:{numbers[0]}", site_id=site_id, evidence={},
        found_at=clock.now(), state=FindingState.OPEN,
    )  # fmt: skip
    session.add(finding)
    session.flush()
    rows = [{"finding_id": finding.id, "run_id": run.id, "number": one} for one in numbers]
    session.execute(insert(table_of(FindingLine)), rows)
    return finding


def settle(session, finding, state=FindingState.FALSE_ALARM):
    session.execute(
        update(table_of(Finding))
        .where(table_of(Finding).c.id == finding.id)
        .values(
            state=state, note="已核对", settled_at=clock.now(), taken_at=clock.now(),
            due_on=clock.today(), owner_id=make_staff(session, "auditor", division_code="1405").id,
        )
    )  # fmt: skip


class TestHeldOut:
    def test_it_is_not_paid_and_the_run_is_done_without_it(self, session, budget, home):
        run = make_payable(session, three_lines(home))
        hold_out(session, run, 2)

        batch = send_batch(session, budget, run)
        answer(session, batch)
        check_whole(session)

        assert batch.total_fen == 60000
        session.refresh(run)
        assert run.stage is RunStage.PAID

    def test_the_cashiers_desk_does_not_count_it(self, session, budget, home):
        run = make_payable(session, three_lines(home))
        hold_out(session, run, 2)

        [row] = list_to_pay(session, ["1405"], year=clock.today().year)
        assert (row.id, row.lines, row.due_fen) == (run.id, 2, 60000)

    def test_another_run_pays_it_once(self, session, budget, home):
        version = make_version(session)
        run = make_payable(session, three_lines(home), version=version)
        hold_out(session, run, 2)
        again = make_payable(session, [{"site_id": home.id}], version=version)

        batch = make_batch(session, budget_id=budget, run_ids=[run.id, again.id])
        assert batch.total_fen == 90000

    def test_the_database_takes_it_from_nobody(self, session, budget, home):
        run = make_payable(session, three_lines(home))
        hold_out(session, run, 2)
        batch = make_batch(session, budget_id=budget, run_ids=[run.id])
        (payment,) = payments_of(session, batch)

        with pytest.raises(IntegrityError, match="not to be paid"), session.begin_nested():
            session.connection().execute(
                PUT_LINE, {"payment": payment.id, "run": run.id, "number": 2}
            )

    def test_what_was_held_out_of_a_correction_is_not_taken_back(self, session, budget, home):
        version = make_version(session)
        run = make_payable(session, three_lines(home), version=version)
        answer(session, send_batch(session, budget, run))
        back = make_difference(session, run, 1, -30000, version, site_id=home.id)
        hold_out(session, back, 1)

        make_batch(session, budget_id=budget, run_ids=[back.id])
        assert session.execute(OWED).scalar_one() == 0

    @pytest.mark.parametrize("fen", [-30_000, -10_000, 5_000])
    def test_a_correction_of_what_was_held_out_since_moves_nothing(
        self, session, budget, home, fen
    ):
        """Put right while its run was being decided on; then an office held the line out."""
        version = make_version(session)
        run = make_payable(session, three_lines(home), version=version)
        correction = make_difference(session, run, 2, fen, version, site_id=home.id)
        hold_out(session, run, 2)

        batch = make_batch(session, budget_id=budget, run_ids=[run.id, correction.id])
        check_whole(session)
        assert batch.total_fen == 60000
        assert session.execute(OWED).scalar_one() == 0
        answer(session, sent(session, batch))
        for one in (run, correction):
            session.refresh(one)
            assert one.stage is RunStage.PAID


class TestInQuestion:
    def test_it_waits_and_the_others_are_paid(self, session, budget, home):
        run = make_payable(session, three_lines(home))
        finding = question(session, run, 2)

        batch = send_batch(session, budget, run)
        answer(session, batch)
        assert batch.total_fen == 60000
        session.refresh(run)
        assert run.stage is RunStage.IN_PAYMENT
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id])

        settle(session, finding)
        rest = send_batch(session, budget, run)
        answer(session, rest)
        session.refresh(run)
        assert (rest.total_fen, run.stage) == (30000, RunStage.PAID)

    def test_a_warning_keeps_nothing_back(self, session, budget, home):
        run = make_payable(session, three_lines(home))
        question(session, run, 2, kind=FindingKind.SUBSIDY_ACCOUNT_SHARED)

        assert make_batch(session, budget_id=budget, run_ids=[run.id]).total_fen == 90000

    def test_the_database_knows_the_same_kinds(self, session):
        kinds = session.execute(text("SELECT blocking_finding_kinds()")).scalar_one()
        assert set(kinds) == {kind.value for kind in BLOCKING}

    def test_what_came_into_question_since_is_not_sent(self, session, budget, home):
        """The finding comes after the batch was made and before it is sent."""
        run = make_payable(session, three_lines(home))
        batch = make_batch(session, budget_id=budget, run_ids=[run.id])
        question(session, run, 2)

        with pytest.raises(LinesInQuestion) as refused:
            steps.check(session, batch.id)
        assert refused.value.facts == {"lines": 1}
        steps.cancel(session, batch.id, words="有明细待核查")
        assert make_batch(session, budget_id=budget, run_ids=[run.id]).total_fen == 60000


class TestNeverGiven:
    def test_a_correction_waits_for_what_it_corrects(self, session, budget, home):
        version = make_version(session)
        run = make_payable(session, three_lines(home), version=version)
        back = make_difference(session, run, 1, -30000, version, site_id=home.id)

        with pytest.raises(RunNotPayable):
            make_batch(session, budget_id=budget, run_ids=[back.id])
        assert session.execute(OWED).scalar_one() == 0

    def test_both_together_are_taken_up(self, session, budget, home):
        version = make_version(session)
        run = make_payable(session, three_lines(home), version=version)
        back = make_difference(session, run, 1, -30000, version, site_id=home.id)

        make_batch(session, budget_id=budget, run_ids=[run.id, back.id])
        assert session.execute(OWED).scalar_one() == 30000

    def test_a_run_with_a_correction_that_stands_is_not_let_go(self, session, home):
        version = make_version(session)
        run = make_payable(session, three_lines(home), version=version)
        back = make_difference(session, run, 1, -30000, version, site_id=home.id)

        with pytest.raises(RunHasCorrections):
            discard(session, run.id, words="重新核算")
        discard(session, back.id, words="重新核算")
        assert discard(session, run.id, words="重新核算").stage is RunStage.DISCARDED

    def test_a_discarded_run_is_in_no_batch(self, session, budget, home):
        run = make_run(session, three_lines(home))
        discard(session, run.id, words="重新核算")

        with pytest.raises(RunNotPayable):
            make_batch(session, budget_id=budget, run_ids=[run.id])
        assert session.get(SubsidyRun, run.id).stage is RunStage.DISCARDED
