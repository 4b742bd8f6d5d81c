"""What is taken back is held against all that was given: never more, and never stuck with less."""

import pytest
from sqlalchemy import insert, text

from server import clock
from server.db.tables import table_of
from server.errors import NotFound
from server.findings.models import Finding, FindingKind, FindingState
from server.identity.models import Role
from server.residents.models import Resident
from server.subsidies.checks.models import FindingLine
from server.subsidies.models import RunStage
from server.subsidies.payments import steps
from server.subsidies.payments.errors import LinesInQuestion, NothingToPay
from server.subsidies.payments.making import make_batch
from server.subsidies.recoveries.errors import RecoveryTooLarge
from server.subsidies.recoveries.owing import take_back_of_finding
from tests.factories.meals import make_site
from tests.factories.people import make_resident, make_staff
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    check_whole,
    give_account,
    give_elder_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

OWED = text("SELECT of_run_id, of_number, amount_fen FROM subsidy_recovery ORDER BY id")
MERGED = text("UPDATE resident SET merged_into_id = :into WHERE id = :id")
WHOLE = 30_000


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def home(session):
    site = make_site(session)
    give_account(session, site)
    return site


@pytest.fixture
def version(session):
    return make_version(session, paid_to("site", most_percent=50))


@pytest.fixture
def whose(session, home):
    return {"site_id": home.id, "resident_id": make_resident(session).id}


@pytest.fixture
def paid(session, budget, version, whose):
    run = make_payable(session, [whose, {"site_id": whose["site_id"]}], version=version)
    answer(session, send_batch(session, budget, run))
    return run


@pytest.fixture
def correct(session, budget, version, whose, paid):
    """Put a case right by so many fen, and take that up."""

    def correct(fen, number=1):
        run = make_difference(session, paid, number, fen, version, **whose)
        make_batch(session, budget_id=budget, run_ids=[run.id])
        check_whole(session)
        return run

    return correct


def owed(session):
    return [tuple(row) for row in session.execute(OWED)]


class TestACaseCorrectedAgain:
    def test_what_was_given_again_can_be_taken_back_again(self, session, paid, correct):
        """A level was lowered, and that was a mistake; then a death is told late."""
        for fen in (-10_000, 10_000, -WHOLE):
            correct(fen)

        assert owed(session) == [(paid.id, 1, 10_000), (paid.id, 1, WHOLE)]

    def test_but_no_fen_more(self, correct):
        correct(-10_000)
        correct(10_000)

        with pytest.raises(RecoveryTooLarge):
            correct(-WHOLE - 1)

    def test_a_case_that_nobody_knew_of_at_first_can_be_taken_back(self, session, correct):
        given = correct(WHOLE, number=None)
        correct(-WHOLE, number=None)

        assert owed(session) == [(given.id, 1, WHOLE)]

    def test_again_and_again(self, session, correct):
        given = correct(WHOLE, number=None)
        for fen in (-WHOLE, WHOLE, -WHOLE):
            correct(fen, number=None)

        assert owed(session) == [(given.id, 1, WHOLE)] * 2

    def test_also_from_an_elder_who_lives_at_another_home_by_now(self, session, budget):
        """Where the elder is paid, the month is one case, whichever home it is told of."""
        version, elder = make_version(session, paid_to("resident")), make_resident(session)
        give_elder_account(session, elder)
        other = make_resident(session)
        give_elder_account(session, other, "6228480000000000043")
        run = make_payable(session, [{"resident_id": other.id}], version=version)
        make_batch(session, budget_id=budget, run_ids=[run.id])
        for fen in (WHOLE, -WHOLE):
            whose = {"resident_id": elder.id, "site_id": make_site(session).id}
            made = make_difference(session, run, None, fen, version, **whose)
            make_batch(session, budget_id=budget, run_ids=[made.id])

        assert [row[2] for row in owed(session)] == [WHOLE]

    def test_what_was_never_given_is_not_taken_back(self, correct):
        with pytest.raises(RecoveryTooLarge):
            correct(-WHOLE, number=None)

    def test_what_waits_to_be_paid_was_not_given_yet(self, session, version, whose, paid, correct):
        correct(-10_000)
        make_difference(session, paid, 1, 10_000, version, **whose)

        with pytest.raises(RecoveryTooLarge):
            correct(-WHOLE)


def settled(session, state=FindingState.TRUE, *, lines=(), **about):
    """A finding that somebody looked into."""
    now = clock.now()
    fen = {"recover_fen": WHOLE} if state is FindingState.RECOVERING else {}
    finding = Finding(
        kind=FindingKind.SUBSIDY_AFTER_DEATH, subject=f"line:{about}", evidence={}, found_at=now,
        state=state, owner_id=make_staff(session, Role.AUDITOR, division_code="1405").id,
        taken_at=now, due_on=clock.today(), settled_at=now, note="属实", **fen, **about,
    )  # fmt: skip
    session.add(finding)
    session.flush()
    rows = [{"finding_id": finding.id, "run_id": run, "number": number} for run, number in lines]
    if rows:
        session.execute(insert(table_of(FindingLine)), rows)
    return finding.id


class TestAFinding:
    def take(self, session, finding_id, run, number=1):
        return take_back_of_finding(
            session, finding_id=finding_id, run_id=run.id, number=number, fen=WHOLE, words="属实"
        )

    def test_that_money_is_asked_back_for_is_owed_back(self, session, paid, whose):
        about = {"resident_id": whose["resident_id"]}
        finding = settled(session, FindingState.RECOVERING, lines=[(paid.id, 1)], **about)

        assert self.take(session, finding, paid)

    def test_takes_nothing_back_of_a_line_that_it_does_not_speak_of(self, session, paid, whose):
        finding = settled(session, lines=[(paid.id, 1)], resident_id=whose["resident_id"])

        with pytest.raises(NotFound):
            self.take(session, finding, paid, number=2)

    def test_without_lines_speaks_of_its_elder_alone(self, session, paid, whose):
        own = settled(session, resident_id=whose["resident_id"])
        another = settled(session, resident_id=make_resident(session).id)

        with pytest.raises(NotFound):
            self.take(session, another, paid)
        assert self.take(session, own, paid)

    def test_takes_nothing_back_that_was_not_paid(self, session, version, whose):
        run = make_payable(session, [whose | {"part": 2}], version=version)
        finding = settled(session, lines=[(run.id, 1)], resident_id=whose["resident_id"])

        with pytest.raises(NotFound):
            self.take(session, finding, run)


class TestAnElderWhoWasEnteredTwice:
    """Merged, and the kept one merged once more: who is paid and who owes is the last of them."""

    @pytest.fixture
    def version(self, session):
        return make_version(session, paid_to("resident", most_percent=50))

    @pytest.fixture
    def twins(self, session):
        twins = [make_resident(session) for _ in range(3)]
        give_elder_account(session, twins[2])
        return twins

    def merge(self, session, twins):
        for one, into in ((0, 1), (1, 2)):
            session.execute(MERGED, {"id": twins[one].id, "into": twins[into].id})
        session.expire_all()
        assert session.get(Resident, twins[0].id).merged_into_id == twins[1].id

    def test_the_last_one_is_paid(self, session, budget, version, twins):
        run = make_payable(session, [{"resident_id": twins[0].id}], version=version)
        self.merge(session, twins)

        (payment,) = payments_of(session, send_batch(session, budget, run))
        assert payment.payee_id == twins[2].id

    def doubled(self, session, version, twins):
        """The same month of the first and of the last, who are one."""
        give_elder_account(session, twins[0], "6228480000000000027")
        lines = [{"resident_id": one.id} for one in (twins[0], twins[2])]
        return make_payable(session, lines, version=version)

    def test_is_paid_one_of_two_lines_of_a_month(self, session, budget, version, twins):
        run = self.doubled(session, version, twins)
        self.merge(session, twins)

        batch = make_batch(session, budget_id=budget, run_ids=[run.id])
        assert (batch.payments, batch.total_fen) == (1, WHOLE)
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id])

    def test_what_was_found_since_is_not_sent(self, session, budget, version, twins):
        run = self.doubled(session, version, twins)
        batch = make_batch(session, budget_id=budget, run_ids=[run.id])
        self.merge(session, twins)

        with pytest.raises(LinesInQuestion):
            steps.check(session, batch.id)

    def test_the_other_line_goes_with_its_correction(self, session, budget, version, twins):
        """Put right, it is given and owed back: what comes out is the one month."""
        run = self.doubled(session, version, twins)
        self.merge(session, twins)
        answer(session, send_batch(session, budget, run))
        whose = {"resident_id": twins[0].id, "site_id": make_site(session).id}
        back = make_difference(session, run, 1, -WHOLE, version, **whose)
        make_batch(session, budget_id=budget, run_ids=[back.id])
        rest = send_batch(session, budget, run)

        assert (rest.gross_fen, rest.netted_fen) == (WHOLE, WHOLE // 2)
        assert owed(session) == [(run.id, 1, WHOLE)]

    def test_what_the_first_one_owes_is_netted_from_the_last_one(
        self, session, budget, version, twins
    ):
        elder = {"resident_id": twins[0].id, "site_id": make_site(session).id}
        give_elder_account(session, twins[0], "6228480000000000027")
        run = make_payable(session, [elder], version=version)
        answer(session, send_batch(session, budget, run))
        back = make_difference(session, run, 1, -WHOLE, version, **elder)
        make_batch(session, budget_id=budget, run_ids=[back.id])
        self.merge(session, twins)
        later = make_payable(session, [{"resident_id": twins[2].id}], version=version)

        assert later.stage is RunStage.PAYABLE
        assert send_batch(session, budget, later).netted_fen == WHOLE // 2
