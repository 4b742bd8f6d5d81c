"""A budget never gives more than it has, a line is paid once, and nobody gives back twice.

Each race that a guard of the database decides has a twin without it, which must then go wrong.
"""

import pytest
from sqlalchemy import insert, text

from server import clock
from server.db import sessions
from server.db.acts import acting
from server.db.tables import table_of
from server.policies.programmes.terms import Beneficiary
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.payments.confirming import confirm_return
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import (
    BatchState,
    PaymentState,
    SubsidyBatch,
    SubsidyPayment,
)
from server.subsidies.reckoning.errors import RunHasCorrections
from server.subsidies.reckoning.service import discard
from server.subsidies.recoveries import settling
from server.subsidies.recoveries.models import EntryKind, SubsidyRecoveryEntry
from tests.concurrency.conftest import PLATFORM
from tests.concurrency.racing import as_owner, look, race
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    give_account,
    make_budget,
    make_difference,
    make_payable,
    payments_of,
    send_batch,
)

MANY = 8
FEN = 30_000
OVER = "SELECT id FROM subsidy_budget WHERE reserved_fen + paid_fen > amount_fen"
TWICE = (
    "SELECT number FROM subsidy_payment_line WHERE is_live GROUP BY 1, run_id HAVING count(*) > 1"
)
UNCONFIRMED = (
    "SELECT x.number FROM subsidy_payment_line x JOIN subsidy_payment_line y USING (run_id, number)"
    " JOIN subsidy_payment p ON p.id = y.payment_id AND p.state = 'failed'"
    " JOIN subsidy_bank_return b ON b.id = p.return_id AND b.confirmed_at IS NULL WHERE x.is_live"
)
OVER_GIVEN = "SELECT id FROM subsidy_recovery WHERE received_fen > amount_fen"
LEFT_ALONE = (
    "SELECT d.id FROM subsidy_run d JOIN subsidy_run r ON r.id = d.of_run_id"
    " WHERE d.kind = 'difference' AND d.stage <> 'discarded' AND r.stage = 'discarded'"
)
PUT_LINE = text(
    "INSERT INTO subsidy_payment_line (payment_id, run_id, number, amount_fen)"
    " VALUES (:payment, :run, 1, :fen)"
)


def by_itself(do):
    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(PLATFORM):
        return done()


def put_batch(session, budget_id):
    """A batch past every kind check."""
    row = {
        "budget_id": budget_id, "division_code": "1405", "accounts_on": clock.today(),
        "state": BatchState.DRAFT, "payments": 1, "gross_fen": FEN, "netted_fen": 0,
        "total_fen": FEN, "made_at": clock.now(), "words": "",
    }  # fmt: skip
    table = table_of(SubsidyBatch)
    return session.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()


def put_payment(session, batch_id, payee_id):
    row = {
        "batch_id": batch_id, "division_code": "1405", "payee_kind": Beneficiary.SITE,
        "payee_id": payee_id, "payee_name": "", "bank": "", "holder_name": "",
        "account_cipher": b"", "account_digest": b"", "last_four": "", "gross_fen": FEN,
        "netted_fen": 0, "amount_fen": FEN, "state": PaymentState.OPEN, "code": "", "reason": "",
    }  # fmt: skip
    table = table_of(SubsidyPayment)
    return session.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()


class TestOneBudget:
    """Money for three batches, and eight that are made at once."""

    @pytest.fixture
    def budget(self, settle):
        return settle(lambda session: make_budget(session, 3 * FEN))

    def reserve_at_once(self, budget_id):
        def reserve(_number):
            by_itself(lambda session: put_batch(session, budget_id))
            return "reserved"

        return race(range(MANY), reserve)

    def test_gives_three(self, own_city, budget):
        assert self.reserve_at_once(budget) == {"reserved": 3, "IntegrityError": MANY - 3}
        assert look(own_city, OVER) == []

    def test_would_give_all_without_the_guard(self, own_city, budget):
        guard = "ALTER TABLE subsidy_budget DROP CONSTRAINT ck_subsidy_budget_never_over"
        as_owner(own_city, guard)

        assert self.reserve_at_once(budget) == {"reserved": MANY}
        assert look(own_city, OVER) != []


class TestOneLine:
    """One line, and eight payments of it at once."""

    @pytest.fixture
    def run(self, settle):
        def make(session):
            site = make_site(session)
            give_account(session, site)
            run = make_payable(session, [{"site_id": site.id}])
            return run.id, make_budget(session), site.id

        return settle(make)

    def pay_at_once(self, run):
        run_id, budget_id, site_id = run

        def pay(_number):
            def put(session):
                payment = put_payment(session, put_batch(session, budget_id), site_id)
                told = {"payment": payment, "run": run_id, "fen": FEN}
                session.connection().execute(PUT_LINE, told)

            by_itself(put)
            return "paid"

        return race(range(MANY), pay)

    def test_is_paid_once(self, own_city, run):
        assert self.pay_at_once(run) == {"paid": 1, "IntegrityError": MANY - 1}

    def test_would_be_paid_by_all_without_the_guard(self, own_city, run):
        as_owner(own_city, "DROP INDEX uq_subsidy_payment_line_one_live")

        assert self.pay_at_once(run) == {"paid": MANY}
        assert look(own_city, TWICE) != []

    def test_cashiers_at_once_make_one_batch(self, own_city, run):
        run_id, budget_id, _ = run

        def make(_number):
            by_itself(lambda own: make_batch(own, budget_id=budget_id, run_ids=[run_id]))
            return "made"

        assert race(range(MANY), make) == {"made": 1, "NothingToPay": MANY - 1}
        assert look(own_city, TWICE) == look(own_city, OVER) == []


class TestOneFailure:
    """A payment that is said to have failed, and eight who would pay its line again at once."""

    @pytest.fixture
    def failed(self, settle):
        def make(session):
            site = make_site(session)
            give_account(session, site)
            run, budget_id = make_payable(session, [{"site_id": site.id}]), make_budget(session)
            batch = send_batch(session, budget_id, run)
            told = answer(session, batch, failed={one.id for one in payments_of(session, batch)})
            return run.id, budget_id, site.id, told.taken.id

        return settle(make)

    def put_at_once(self, failed):
        run_id, budget_id, site_id, _ = failed

        def pay(_number):
            def put(session):
                payment = put_payment(session, put_batch(session, budget_id), site_id)
                told = {"payment": payment, "run": run_id, "fen": FEN}
                session.connection().execute(PUT_LINE, told)

            by_itself(put)
            return "paid"

        return race(range(MANY), pay)

    def test_is_not_paid_again_before_it_is_confirmed(self, own_city, failed):
        assert self.put_at_once(failed) == {"IntegrityError": MANY}
        assert look(own_city, UNCONFIRMED) == []

    def test_would_be_paid_again_without_the_guard(self, own_city, failed):
        as_owner(own_city, "DROP TRIGGER is_confirmed ON subsidy_payment_line")

        assert self.put_at_once(failed) == {"paid": 1, "IntegrityError": MANY - 1}
        assert look(own_city, UNCONFIRMED) != []

    def test_confirmed_while_batches_are_made_it_is_paid_again_once(self, own_city, failed):
        run_id, budget_id, _, return_id = failed

        def make(session):
            make_batch(session, budget_id=budget_id, run_ids=[run_id], again_unchanged=True)
            return "made"

        def confirm(session):
            confirm_return(session, return_id)
            return "confirmed"

        done = race(range(MANY), lambda number: by_itself(confirm if number == 0 else make))

        assert done["confirmed"] == 1
        assert done["made"] + done["NothingToPay"] == MANY - 1
        assert done["made"] <= 1
        assert look(own_city, UNCONFIRMED) == look(own_city, TWICE) == []

    def test_is_confirmed_once(self, own_city, failed):
        def confirm(_number):
            by_itself(lambda session: confirm_return(session, failed[-1]))
            return "confirmed"

        assert race(range(MANY), confirm) == {"confirmed": 1, "AlreadyDecided": MANY - 1}


class TestOneRecovery:
    """Owed once, and eight receipts of all of it at once."""

    @pytest.fixture
    def recovery(self, settle):
        def make(session):
            site, elder, version = make_site(session), make_resident(session), make_version(session)
            give_account(session, site)
            budget_id = make_budget(session)
            line = {"site_id": site.id, "resident_id": elder.id}
            run = make_payable(session, [line], version=version)
            answer(session, send_batch(session, budget_id, run))
            back = make_difference(session, run, 1, -FEN, version, **line)
            make_batch(session, budget_id=budget_id, run_ids=[back.id])
            query = text("SELECT id FROM subsidy_recovery")
            return session.connection().execute(query).scalar_one()

        return settle(make)

    def put_at_once(self, recovery_id):
        def put(number):
            row = {
                "recovery_id": recovery_id, "kind": EntryKind.RECEIVED, "amount_fen": FEN,
                "receipt": f"HD-{number}", "on_day": clock.today(), "at": clock.now(),
            }  # fmt: skip
            entry = insert(table_of(SubsidyRecoveryEntry)).values(**row)
            by_itself(lambda session: session.execute(entry))
            return "put"

        return race(range(MANY), put)

    def test_is_given_back_once(self, own_city, recovery):
        assert self.put_at_once(recovery) == {"put": 1, "IntegrityError": MANY - 1}

    def test_would_be_given_back_by_all_without_the_guard(self, own_city, recovery):
        guard = "ALTER TABLE subsidy_recovery DROP CONSTRAINT ck_subsidy_recovery_never_over"
        as_owner(own_city, guard)

        assert self.put_at_once(recovery) == {"put": MANY}
        assert look(own_city, OVER_GIVEN) != []

    def test_receipts_at_once_are_entered_once(self, own_city, recovery):
        def receive(number):
            receipt = {"fen": FEN, "receipt": f"HD-{number}", "on_day": clock.today()}
            by_itself(lambda session: settling.receive(session, recovery, **receipt))
            return "received"

        assert race(range(MANY), receive) == {"received": 1, "MoreThanIsLeft": MANY - 1}


class TestOneCorrection:
    """A run that is let go while corrections of it are begun: one or the other, never both."""

    @pytest.fixture
    def run(self, settle):
        def make(session):
            run = make_payable(session, [{"site_id": make_site(session).id}])
            return run.id, run.version_id, run.family_no

        return settle(make)

    def let_go_and_correct_at_once(self, run):
        run_id, version_id, family_no = run

        def correct(session):
            row = {
                "programme": "facility_operation", "version_id": version_id, "months": 1,
                "family_no": family_no, "kind": RunKind.DIFFERENCE, "of_run_id": run_id,
                "division_code": "1405", "first_month": clock.today().replace(day=1),
                "stage": RunStage.GATHERING, "changes": {}, "facts": 0, "lines": 0, "refused": 0,
                "total_fen": 0, "made_at": clock.now(), "words": "",
            }  # fmt: skip
            session.execute(insert(table_of(SubsidyRun)).values(**row))
            return "corrected"

        def let_go(session):
            discard(session, run_id, words="重新核算")
            return "let go"

        def act(number):
            return by_itself(let_go if number == 0 else correct)

        return race(range(MANY), act)

    def test_is_never_left_alone(self, own_city, run):
        done = self.let_go_and_correct_at_once(run)

        assert done in (
            {"let go": 1, "IntegrityError": MANY - 1},
            {"corrected": MANY - 1, RunHasCorrections.__name__: 1},
        )
        assert look(own_city, LEFT_ALONE) == []

    def test_would_be_left_alone_without_the_guards(self, own_city, run):
        as_owner(own_city, "DROP TRIGGER stands_on_a_run ON subsidy_run")
        as_owner(own_city, "DROP TRIGGER has_no_correction ON subsidy_run")

        self.let_go_and_correct_at_once(run)
        assert look(own_city, LEFT_ALONE) != []
