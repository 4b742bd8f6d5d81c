"""What was too much comes back: netted within its limit, by transfer, or given up by two people."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.findings.models import Finding, FindingKind, FindingState
from server.identity.models import Role
from server.ledger.models import AccountKind
from server.ledger.queries import balances_of_office
from server.subsidies.models import RunStage
from server.subsidies.payments import steps
from server.subsidies.payments.making import make_batch
from server.subsidies.recoveries import settling
from server.subsidies.recoveries.errors import (
    DayPast,
    DecisionWaits,
    FindingNotTrue,
    MoreThanIsLeft,
    ReceiptKnown,
    RecoveryTooLarge,
)
from server.subsidies.recoveries.owing import take_back_of_finding
from server.subsidies.recoveries.rules import Owed, netted
from tests.factories.meals import make_site
from tests.factories.people import make_resident, make_staff
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    check_whole,
    give_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

ALL = text("SELECT * FROM subsidy_recovery ORDER BY id")
TRUE = text(
    "UPDATE finding SET state = 'true', owner_id = :by, taken_at = :now, due_on = current_date,"
    " settled_at = :now, note = '属实' WHERE id = :id"
)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


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
def elder(session):
    return make_resident(session)


@pytest.fixture
def january(session, budget, home, version, elder):
    """Paid: 300 yuan for one elder."""
    run = make_payable(session, [{"site_id": home.id, "resident_id": elder.id}], version=version)
    answer(session, send_batch(session, budget, run))
    return run


@pytest.fixture
def owed(session, budget, january, home, version, elder):
    """A late death: 200 of the 300 yuan were too much."""
    run = make_difference(
        session, january, 1, -20000, version, site_id=home.id, resident_id=elder.id
    )
    assert make_batch(session, budget_id=budget, run_ids=[run.id]) is None
    session.refresh(run)
    assert run.stage is RunStage.PAID
    return recovery(session)


def recovery(session):
    return session.execute(ALL).one()


def left(session):
    row = recovery(session)
    return row.amount_fen - row.netted_fen - row.received_fen - row.written_off_fen


def on_the_books(session, recovery_id):
    return balances_of_office(session, "1405", [f"recovery:{recovery_id}"])[AccountKind.RECOVERY]


def pay_february(session, budget, home, version, month=FEBRUARY):
    run = make_payable(session, [{"site_id": home.id, "month": month}], version=version)
    return send_batch(session, budget, run)


class TestRules:
    def test_the_oldest_first_and_none_beyond_its_share(self):
        owed = [Owed(1, 2000, 50), Owed(2, 9000, 50), Owed(3, 100, 80)]

        assert netted(10_000, owed) == {1: 2000, 2: 3000, 3: 100}
        assert netted(1, owed) == {}
        assert netted(1000, [Owed(1, 9000, 100)]) == {1: 1000}


def test_a_negative_line_is_owed_by_whoever_was_paid(session, home, owed, january):
    assert (owed.payee_kind, owed.payee_id, owed.amount_fen) == ("site", home.id, 20000)
    assert (owed.of_run_id, owed.of_number, owed.most_percent) == (january.id, 1, 50)
    assert on_the_books(session, owed.id) == 20000


def test_it_is_netted_month_by_month_within_the_limit(session, budget, home, version, owed):
    first = pay_february(session, budget, home, version)
    (payment,) = payments_of(session, first)
    assert (payment.gross_fen, payment.netted_fen, payment.amount_fen) == (30000, 15000, 15000)
    answer(session, first)
    second = pay_february(session, budget, home, version, MARCH)
    (payment,) = payments_of(session, second)
    assert (payment.netted_fen, payment.amount_fen) == (5000, 25000)
    check_whole(session)

    assert left(session) == on_the_books(session, owed.id) == 0


def test_what_was_netted_is_owed_again_where_the_payment_fails(
    session, budget, home, version, owed
):
    batch = pay_february(session, budget, home, version)
    assert left(session) == 5000
    answer(session, batch, failed={one.id for one in payments_of(session, batch)})
    check_whole(session)

    assert left(session) == on_the_books(session, owed.id) == 20000


def test_and_where_the_batch_is_cancelled(session, budget, home, version, owed):
    run = make_payable(session, [{"site_id": home.id, "month": FEBRUARY}], version=version)
    batch = make_batch(session, budget_id=budget, run_ids=[run.id])
    steps.cancel(session, batch.id, words="重做")
    check_whole(session)

    assert left(session) == on_the_books(session, owed.id) == 20000


def test_a_payment_can_be_netted_to_the_last_fen(session, budget, home, elder):
    version = make_version(session, paid_to("site", most_percent=100))
    paid = make_payable(session, [{"site_id": home.id, "resident_id": elder.id}], version=version)
    answer(session, send_batch(session, budget, paid))
    lines = {"site_id": home.id, "resident_id": elder.id}
    back = make_difference(session, paid, 1, -30000, version, **lines)
    make_batch(session, budget_id=budget, run_ids=[back.id])
    run = make_payable(session, [{"site_id": home.id, "month": FEBRUARY}], version=version)
    batch = send_batch(session, budget, run)
    check_whole(session)

    assert (batch.total_fen, left(session)) == (0, 0)
    session.refresh(run)
    assert run.stage is RunStage.PAID


def test_without_a_limit_in_the_policy_nothing_is_netted(session, budget, home, elder):
    version = make_version(session)
    lines = {"site_id": home.id, "resident_id": elder.id}
    paid = make_payable(session, [lines], version=version)
    answer(session, send_batch(session, budget, paid))
    back = make_difference(session, paid, 1, -10000, version, **lines)
    make_batch(session, budget_id=budget, run_ids=[back.id])
    batch = pay_february(session, budget, home, version)

    assert batch.netted_fen == 0


def test_more_than_was_given_is_not_taken_back(
    session, budget, home, version, elder, january, owed
):
    lines = {"site_id": home.id, "resident_id": elder.id}
    back = make_difference(session, january, 1, -10001, version, **lines)

    with pytest.raises(RecoveryTooLarge):
        make_batch(session, budget_id=budget, run_ids=[back.id])


def test_money_comes_back_by_transfer_once_for_each_receipt(session, owed):
    today = clock.today()
    settling.receive(session, owed.id, fen=12000, receipt="HD-1", on_day=today)
    with pytest.raises(ReceiptKnown):
        settling.receive(session, owed.id, fen=1000, receipt="HD-1", on_day=today)
    with pytest.raises(MoreThanIsLeft) as refused:
        settling.receive(session, owed.id, fen=9000, receipt="HD-2", on_day=today)
    check_whole(session)

    assert refused.value.facts == {"left_fen": 8000}
    assert left(session) == on_the_books(session, owed.id) == 8000


def test_put_off_nothing_is_netted_before_the_day(session, budget, home, version, owed):
    until = clock.today() + timedelta(days=30)
    asked = settling.ask_deferment(session, owed.id, until=until, words="家庭困难")
    with pytest.raises(DecisionWaits):
        settling.ask_write_off(session, owed.id, fen=1, words="再说")
    settling.decide(session, asked.id, is_right=True)

    assert pay_february(session, budget, home, version).netted_fen == 0
    with pytest.raises(DayPast):
        settling.ask_deferment(session, owed.id, until=clock.today(), words="今天")


def test_written_off_it_is_a_cost_again(session, owed):
    asked = settling.ask_write_off(session, owed.id, fen=20000, words="已离世，无遗产")
    settling.decide(session, asked.id, is_right=True)
    check_whole(session)

    balances = balances_of_office(session, "1405", [f"recovery:{owed.id}"])
    assert left(session) == 0
    assert balances[AccountKind.RECOVERY] == balances[AccountKind.COST] == 0


class TestAFinding:
    def find(self, session, elder, state):
        finding = Finding(
            kind=FindingKind.NIGHT_AFTER_DEPARTURE, subject=f"stay:{elder.id}",
            resident_id=elder.id, evidence={}, found_at=clock.now(), state=FindingState.OPEN,
        )  # fmt: skip
        session.add(finding)
        session.flush()
        if state is not FindingState.OPEN:
            session.execute(
                TRUE,
                {
                    "id": finding.id,
                    "now": clock.now(),
                    "by": make_staff(session, Role.AUDITOR, division_code="1405").id,
                },
            )
            session.refresh(finding)
        return finding.id

    def test_a_true_one_is_owed_back(self, session, elder, january):
        finding_id = self.find(session, elder, FindingState.TRUE)
        take_back_of_finding(
            session, finding_id=finding_id, run_id=january.id, number=1, fen=30000, words="属实"
        )
        check_whole(session)

        assert (recovery(session).finding_id, left(session)) == (finding_id, 30000)

    def test_an_open_one_is_not(self, session, elder, january):
        finding_id = self.find(session, elder, FindingState.OPEN)

        with pytest.raises(FindingNotTrue):
            take_back_of_finding(
                session, finding_id=finding_id, run_id=january.id, number=1, fen=1, words=""
            )
