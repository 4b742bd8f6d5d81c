"""A payment is settled once, into the wallet, or goes back whole."""

from datetime import timedelta

from sqlalchemy import select

from server import clock
from server.meals.wallets.models import Wallet, WalletEntry
from server.payments.models import PaymentState, Verdict
from server.payments.providing import Outcome
from server.payments.queries import list_refunds_of
from server.payments.service import expire, note_placed, take_standing
from tests.factories.payments import make_payment, paid
from tests.factories.wallets import make_wallet


def balance(session):
    return session.execute(select(Wallet.balance_fen)).scalar_one()


def test_money_that_has_come_is_in_the_wallet_once(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen)
    note_placed(session, payment.id, "/pay")
    standing = paid(payment)

    assert take_standing(session, standing) is Verdict.TAKEN
    assert take_standing(session, standing) is Verdict.KNOWN

    assert (payment.state, balance(session)) == (PaymentState.PAID, 5000)
    entry = session.execute(select(WalletEntry)).scalar_one()
    assert (entry.via, entry.amount_fen, entry.made_by) == ("provider", 5000, None)


def test_a_transaction_pays_for_one_payment_alone(session, sandbox, elder, canteen):
    first, second = (make_payment(session, elder, canteen) for _ in range(2))
    standing = paid(first)
    take_standing(session, standing)

    again = paid(second, transaction_number=standing.transaction_number)

    assert take_standing(session, again) is Verdict.OTHER_PAYMENT
    assert (second.state, balance(session)) == (PaymentState.OPENED, 5000)


def test_another_amount_pays_for_nothing(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen)

    assert take_standing(session, paid(payment, amount_fen=1)) is Verdict.WRONG_AMOUNT
    assert payment.state is PaymentState.OPENED


def test_money_that_comes_after_its_time_counts(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen)
    assert expire(session, payment.id, why="late")

    assert take_standing(session, paid(payment)) is Verdict.TAKEN
    assert not expire(session, payment.id)
    assert (payment.state, balance(session)) == (PaymentState.PAID, 5000)


def test_what_the_wallet_does_not_take_goes_back_whole(session, sandbox, elder, canteen):
    make_wallet(session, elder, canteen, 99_000)
    payment = make_payment(session, elder, canteen)

    assert take_standing(session, paid(payment)) is Verdict.TAKEN

    assert (payment.state, payment.closed_for) == (PaymentState.RETURNED, "wallet-too-full")
    assert [one.amount_fen for one in list_refunds_of(session, payment.id)] == [5000]
    assert (balance(session), payment.refunded_fen) == (99_000, 5000)


def test_a_refusal_and_a_lapse_end_it_once(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen, lasts=timedelta(seconds=1))
    refused = paid(payment, outcome=Outcome.REFUSED, transaction_number="", at=clock.now())

    assert take_standing(session, refused) is Verdict.TAKEN
    assert take_standing(session, refused) is Verdict.KNOWN
    assert payment.state is PaymentState.REFUSED
