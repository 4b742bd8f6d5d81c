"""A payment is counted once, its end is one, and nothing goes back twice, however many try.

Each race that a guard of the database decides has a twin without it, which must then go wrong.
"""

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import acting
from server.ledger.models import PostingKind
from server.ledger.service import Draft, post
from server.meals.wallets import by_phone, rules
from server.meals.wallets.models import Via
from server.meals.wallets.moving import open_wallet
from server.payments.models import PaymentRefund
from server.payments.service import expire, take_standing
from tests.concurrency.conftest import PLATFORM
from tests.concurrency.racing import as_owner, look, race
from tests.concurrency.test_wallet import BELOW, UNEQUAL
from tests.factories.meals import make_canteen
from tests.factories.payments import make_payment, paid
from tests.factories.people import make_resident

MANY = 8
BALANCE = "SELECT balance_fen FROM wallet"
OVER = """
    SELECT p.id FROM payment p WHERE p.amount_fen < (SELECT sum(r.amount_fen)
      FROM payment_refund r WHERE r.payment_id = p.id AND r.state <> 'failed')
"""
ENDED_YET_FILLED = """
    SELECT p.id FROM payment p JOIN wallet_entry e ON e.resident_id = p.resident_id
     WHERE p.state = 'expired' AND e.move = 'top_up'
"""


def by_itself(do):
    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(PLATFORM):
        return done()


@pytest.fixture
def payment(settle):
    return settle(
        lambda session: make_payment(session, make_resident(session), make_canteen(session))
    )


def fill_past_every_check(session, payment):
    """What `PaymentSettled` leads to, without looking whether it is filled already."""
    wallet = open_wallet(session, site_id=payment.site_id, resident_id=payment.resident_id)
    reference = f"wallet-top-up:{wallet.id}:payment-{payment.id}"
    amounts = rules.postings_of(payment.amount_fen, Via.PROVIDER)
    draft = Draft(rules.subject_of(wallet.id), PostingKind.TOP_UP, reference, amounts)
    post(session, draft, site_id=payment.site_id, posted_on=payment.asked_at.date())


class TestOneNotice:
    """The provider says to many workers at once that the same payment was paid."""

    def test_fills_the_wallet_once(self, own_city, payment):
        standing = paid(payment)

        def take(_):
            return by_itself(lambda session: take_standing(session, standing)).value

        assert race(range(MANY), take) == {"taken": 1, "known": MANY - 1}
        assert look(own_city, BALANCE) == [(5000,)]

    def fill_at_once(self, payment):
        def fill(_):
            by_itself(lambda session: fill_past_every_check(session, payment))
            return "filled"

        return race(range(MANY), fill)

    def test_is_held_by_its_reference_past_every_check(self, own_city, payment):
        assert self.fill_at_once(payment) == {"filled": 1, "IntegrityError": MANY - 1}
        assert look(own_city, BALANCE) == [(5000,)]

    def test_would_fill_it_many_times_without(self, own_city, payment):
        guard = "uq_ledger_posting_reference"
        as_owner(own_city, f"ALTER TABLE ledger_posting DROP CONSTRAINT {guard}")

        assert self.fill_at_once(payment) == {"filled": MANY}
        assert look(own_city, BALANCE) == [(5000 * MANY,)]


class TestPaidAndLate:
    """Money comes in the moment in which the payment lapses."""

    def test_the_money_counts_whichever_is_first(self, own_city, payment):
        standing = paid(payment)

        def end(number):
            if number % 2:
                return by_itself(lambda session: take_standing(session, standing)).value
            return f"expired {by_itself(lambda session: expire(session, payment.id))}"

        race(range(MANY), end)

        assert look(own_city, "SELECT state FROM payment") == [("paid",)]
        assert look(own_city, BALANCE) == [(5000,)]

    def blindly(self, payment):
        """An older worker writes what it decided before the money came."""
        standing = paid(payment)
        by_itself(lambda session: take_standing(session, standing))
        lapse = text(
            "UPDATE payment SET state = 'expired', paid_at = NULL, transaction_number = ''"
        )

        def write(_):
            by_itself(lambda session: session.execute(lapse))
            return "lapsed"

        return race([1], write)

    def test_what_was_paid_never_lapses(self, own_city, payment):
        assert self.blindly(payment) == {"IntegrityError": 1}
        assert look(own_city, ENDED_YET_FILLED) == []

    def test_would_lapse_without_the_guard(self, own_city, payment):
        as_owner(own_city, 'DROP TRIGGER "A_payment_only_goes_on" ON payment')

        assert self.blindly(payment) == {"lapsed": 1}
        assert look(own_city, ENDED_YET_FILLED) != []


class TestRefundAndSpending:
    """All of it is asked back in the moment in which meals are paid from it."""

    def spend_at_once(self, own_city, payment):
        standing = paid(payment)
        by_itself(lambda session: take_standing(session, standing))
        [(wallet_id, site_id)] = look(own_city, "SELECT id, site_id FROM wallet")

        def take(number):
            if number == 0:
                by_itself(lambda s: by_phone.refund_by_provider(s, wallet_id, key="all"))
                return "refunded"
            draft = Draft(
                rules.subject_of(wallet_id), PostingKind.MEAL, f"meal:{number}",
                rules.postings_of(-1500, Via.BALANCE),
            )  # fmt: skip
            day = payment.asked_at.date()
            by_itself(lambda s: post(s, draft, site_id=site_id, posted_on=day))
            return "spent"

        return race(range(MANY), take)

    def test_never_takes_out_more_than_was_there(self, own_city, payment):
        outcomes = self.spend_at_once(own_city, payment)

        assert outcomes["spent"] <= 3
        assert look(own_city, BELOW) == look(own_city, UNEQUAL) == look(own_city, OVER) == []

    def test_would_take_out_more_without_the_guard(self, own_city, payment):
        guard = "ck_wallet_never_below_nought"
        as_owner(own_city, f"ALTER TABLE wallet DROP CONSTRAINT {guard}")

        assert self.spend_at_once(own_city, payment)["spent"] == MANY - 1
        assert look(own_city, BELOW) != []


class TestOnePaymentGivenBack:
    """Many ask at once that two thirds of a payment go back."""

    def give_back_at_once(self, payment):
        standing = paid(payment)
        by_itself(lambda session: take_standing(session, standing))

        def give(number):
            refund = PaymentRefund(
                number=f"R00000{number}", payment_id=payment.id, amount_fen=3000, cause="race",
                asked_at=payment.asked_at,
            )  # fmt: skip
            by_itself(lambda session: session.add(refund))
            return "given"

        return race(range(MANY), give)

    def test_goes_back_once(self, own_city, payment):
        assert self.give_back_at_once(payment) == {"given": 1, "IntegrityError": MANY - 1}
        assert look(own_city, OVER) == []

    def test_would_go_back_many_times_without_the_guard(self, own_city, payment):
        guard = "ck_payment_refunded_within_amount"
        as_owner(own_city, f"ALTER TABLE payment DROP CONSTRAINT {guard}")

        assert self.give_back_at_once(payment) == {"given": MANY}
        assert look(own_city, OVER) != []
