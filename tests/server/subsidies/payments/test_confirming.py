"""What an answer of the bank says did not arrive is paid again once another person confirmed it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import NotFound
from server.identity.models import Role
from server.subsidies.errors import AlreadyDecided, NeedsAnotherPerson
from server.subsidies.models import RunStage
from server.subsidies.payments.confirming import confirm_return
from server.subsidies.payments.errors import NothingToPay
from server.subsidies.payments.failures import list_named, list_tried_before
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.payees import list_payees
from server.subsidies.payments.queries import BatchWanted, list_batches, list_returns
from tests.factories.people import make_resident, make_sign_in, make_staff
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    check_whole,
    give_elder_account,
    make_budget,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

END = text("UPDATE payee_account SET ends_on = :day WHERE resident_id = :elder")
MERGE = text("UPDATE resident SET merged_into_id = :kept WHERE id = :elder")
PUT_LINE = text(
    "INSERT INTO subsidy_payment_line (payment_id, run_id, number, amount_fen)"
    " VALUES (:payment, :run, :number, 30000)"
)
FAIL = text(
    "UPDATE subsidy_payment SET state = 'failed', settled_on = CURRENT_DATE, code = 'E01',"
    " return_id = :return WHERE id = :payment"
)


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def elders(session):
    people = [make_resident(session) for _ in range(3)]
    for number, elder in enumerate(people):
        give_elder_account(session, elder, f"622848000000000010{number}")
    return people


@pytest.fixture
def run(session, elders):
    version = make_version(session, paid_to("resident"))
    return make_payable(session, [{"resident_id": one.id} for one in elders], version=version)


@pytest.fixture
def batch(session, budget, run):
    return send_batch(session, budget, run)


@pytest.fixture
def failed(session, batch):
    """The payment to the first elder, of which the bank is said to have paid nothing."""
    first = payments_of(session, batch)[0]
    answer(session, batch, failed={first.id})
    return first


@pytest.fixture
def taken(session, batch, failed):
    """The answer that says so."""
    [one] = list_returns(session, batch.id)
    return one


@pytest.fixture
def at_work(session):
    """Do something in a transaction of somebody at the city's office."""

    def at_work(role):
        staff = make_staff(session, role, division_code="1405")
        token = make_sign_in(session, staff=staff)
        session.commit()

        def do(work):
            act = Act(Face.CONSOLE, "tests", "one", token=token)
            with acting(act), sessions.transaction() as own:
                return work(own)

        return do

    return at_work


def standings(session, run):
    return {one.payee_id: one.standing for one in list_payees(session, [run.id], day=clock.today())}


def correct_account(session, elder):
    today = clock.today()
    session.execute(END, {"elder": elder.id, "day": today})
    give_elder_account(session, elder, "6228480000000000777", starts_on=today)


class TestNobodyConfirmedIt:
    @pytest.mark.parametrize("again_unchanged", [False, True])
    def test_it_is_left_out_whatever_the_cashier_says(
        self, session, budget, run, elders, failed, again_unchanged
    ):
        assert standings(session, run) == {elders[0].id: "return_unconfirmed"}
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id], again_unchanged=again_unchanged)

    def test_another_account_does_not_help(self, session, budget, run, elders, failed):
        correct_account(session, elders[0])

        assert standings(session, run) == {elders[0].id: "return_unconfirmed"}
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id])

    def test_nor_that_the_elder_has_another_number_by_now(
        self, session, budget, run, elders, failed
    ):
        kept = make_resident(session)
        give_elder_account(session, kept, "6228480000000000777")
        session.execute(MERGE, {"elder": elders[0].id, "kept": kept.id})

        assert standings(session, run) == {kept.id: "return_unconfirmed"}
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id])

    def test_what_came_back_waits_too(self, session, budget, run, elders, batch):
        answer(session, batch)
        first = payments_of(session, batch)[0]
        answer(session, batch, failed={first.id}, only={first.id})

        assert standings(session, run) == {elders[0].id: "return_unconfirmed"}

    def test_others_are_paid_meanwhile(self, session, budget, run, elders, failed):
        version = make_version(session, paid_to("resident", family="elsewhere"))
        other = make_resident(session)
        give_elder_account(session, other, "6228480000000000888")
        second = make_payable(session, [{"resident_id": other.id}], version=version)

        made = make_batch(session, budget_id=budget, run_ids=[run.id, second.id])
        assert [one.payee_id for one in payments_of(session, made)] == [other.id]

    def test_the_batch_is_found_by_it(self, session, batch, taken):
        waits, rests = BatchWanted(is_unconfirmed=True), BatchWanted(is_unconfirmed=False)

        assert [row.id for row in list_batches(session, ["1405"], waits)] == [batch.id]
        assert list_batches(session, ["1405"], rests) == []
        confirm_return(session, taken.id)
        assert list_batches(session, ["1405"], waits) == []


class TestConfirmed:
    def test_it_is_paid_again(self, session, budget, run, elders, failed, taken):
        confirm_return(session, taken.id)
        assert standings(session, run) == {elders[0].id: "failed_account"}
        with pytest.raises(NothingToPay):
            make_batch(session, budget_id=budget, run_ids=[run.id])
        correct_account(session, elders[0])
        retry = send_batch(session, budget, run)
        answer(session, retry)
        check_whole(session)

        [second] = payments_of(session, retry)
        assert (second.payee_id, second.last_four) == (elders[0].id, "0777")
        session.refresh(run)
        assert run.stage is RunStage.PAID

    def test_who_checks_the_next_batch_sees_what_was_tried(
        self, session, budget, run, batch, failed, taken
    ):
        confirm_return(session, taken.id)
        retry = make_batch(session, budget_id=budget, run_ids=[run.id], again_unchanged=True)

        [one] = list_tried_before(session, retry.id)
        assert one.id == payments_of(session, retry)[0].id
        assert (one.then_id, one.then_batch_id) == (failed.id, batch.id)
        assert (one.then_code, one.then_reason, one.tries) == ("E01", "账号户名不符", 1)
        assert one.confirmed_at is not None
        assert not one.is_other_account
        assert list_tried_before(session, batch.id) == []

    def test_and_that_it_goes_to_another_account(self, session, budget, run, elders, failed, taken):
        confirm_return(session, taken.id)
        correct_account(session, elders[0])
        retry = make_batch(session, budget_id=budget, run_ids=[run.id])

        [one] = list_tried_before(session, retry.id)
        assert one.is_other_account
        assert (one.then_last_four, one.last_four) == ("0100", "0777")

    def test_a_second_failure_waits_for_its_own_answer(
        self, session, budget, run, elders, failed, taken
    ):
        confirm_return(session, taken.id)
        retry = send_batch(session, budget, run, again_unchanged=True)
        answer(session, retry, failed={one.id for one in payments_of(session, retry)})

        assert standings(session, run) == {elders[0].id: "return_unconfirmed"}

    def test_it_says_what_it_names(self, session, failed, taken):
        assert [one.id for one in list_named(session, taken.id)] == [failed.id]

    def test_once(self, session, taken):
        confirm_return(session, taken.id)

        with pytest.raises(AlreadyDecided):
            confirm_return(session, taken.id)

    def test_an_answer_without_failures_needs_none(self, session, batch):
        taken = answer(session, batch).taken

        with pytest.raises(NotFound):
            confirm_return(session, taken.id)

    def test_by_another_person_than_who_took_it_in(self, session, batch, at_work):
        cashier, approver = at_work(Role.CASHIER), at_work(Role.APPROVER)
        first = payments_of(session, batch)[0].id
        number = cashier(lambda own: answer(own, batch, failed={first}).taken.id)

        with pytest.raises(NeedsAnotherPerson):
            cashier(lambda own: confirm_return(own, number))
        approver(lambda own: confirm_return(own, number))
        [one] = list_returns(session, batch.id)
        assert None not in {one.imported_by, one.confirmed_by}
        assert one.imported_by != one.confirmed_by


class TestPlainSql:
    def test_does_not_put_the_line_into_another_payment(self, session, budget, run, elders, failed):
        retry = self.another_batch(session, budget, elders[0])
        told = {"payment": payments_of(session, retry)[0].id, "run": run.id, "number": 1}

        with pytest.raises(IntegrityError, match="nobody has confirmed"), session.begin_nested():
            session.connection().execute(PUT_LINE, told)

    def another_batch(self, session, budget, elder):
        version = make_version(session, paid_to("resident", family="elsewhere"))
        other = make_payable(session, [{"resident_id": elder.id}], version=version)
        return make_batch(session, budget_id=budget, run_ids=[other.id])

    def test_does_not_let_a_payment_fail_without_an_answer(self, session, batch):
        self.refused(session, FAIL, payment=payments_of(session, batch)[1].id, **{"return": None})

    def test_nor_by_an_answer_that_was_confirmed(self, session, budget, run, batch, taken):
        confirm_return(session, taken.id)
        paid = payments_of(session, batch)[1]

        self.refused(session, FAIL, payment=paid.id, **{"return": taken.id})

    def test_nor_by_that_of_another_batch(self, session, budget, elders, taken):
        other = self.another_batch(session, budget, elders[1])
        payment = payments_of(session, other)[0]

        self.refused(session, FAIL, payment=payment.id, **{"return": taken.id})

    def refused(self, session, statement, **told):
        refusing = pytest.raises(IntegrityError, match="by an answer of the bank")
        with refusing, session.begin_nested():
            session.connection().execute(statement, told)

    @pytest.mark.parametrize(
        "change", ["failed = 0", "confirmed_at = imported_at, failed = 0", "confirmed_by = NULL"]
    )
    def test_does_not_change_an_answer(self, session, taken, change):
        with pytest.raises(Exception, match=r"stays as it was|permission denied"):
            session.connection().execute(text(f"UPDATE subsidy_bank_return SET {change}"))

    def test_does_not_take_a_confirmation_back(self, session, taken):
        confirm_return(session, taken.id)

        with pytest.raises(IntegrityError, match="stays as it was"):
            session.connection().execute(
                text("UPDATE subsidy_bank_return SET confirmed_at = NULL, confirmed_by = NULL")
            )

    def test_does_not_put_an_answer_that_is_confirmed_from_the_start(self, session, taken):
        copied = text(
            "INSERT INTO subsidy_bank_return (batch_id, division_code, layout, file_name,"
            " content_cipher, content_digest, rows, paid, failed, came_back, repeated,"
            " imported_at, confirmed_at) SELECT batch_id, division_code, layout, file_name, '',"
            " '', rows, paid, failed, came_back, repeated, imported_at, imported_at"
            " FROM subsidy_bank_return"
        )

        with pytest.raises(IntegrityError, match="stays as it was"):
            session.connection().execute(copied)
