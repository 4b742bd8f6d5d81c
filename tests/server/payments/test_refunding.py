"""Money goes back by the provider it came from, never more than came."""

import pytest
from sqlalchemy import select

from server.meals.wallets import by_phone
from server.meals.wallets.errors import NotReversible
from server.meals.wallets.keeping import ask_for_reversal
from server.meals.wallets.queries import get_wallet, list_statement
from server.payments import providing
from server.payments.errors import NothingToGiveBack
from server.payments.models import PaymentRefund
from server.payments.providing import Outcome, RefundOrder, Standing
from server.payments.refunding import give_back, take_refund_standing
from server.payments.service import take_standing
from tests.factories.payments import make_payment, paid, place
from tests.factories.wallets import make_wallet


@pytest.fixture
def wallet(session, sandbox, elder, canteen):
    """Fifty yuan that came by phone, and twenty in cash."""
    payment = make_payment(session, elder, canteen)
    page = place(sandbox, payment)
    sandbox.press(page, "silent")
    take_standing(session, sandbox.provider.ask(payment.number))
    return make_wallet(session, elder, canteen, 2000)


def refunds(session):
    return session.execute(select(PaymentRefund).order_by(PaymentRefund.id)).scalars().all()


def test_what_came_by_phone_goes_back_so_and_the_rest_in_cash(session, sandbox, wallet):
    by_phone.refund_by_provider(session, wallet, key="once")
    by_phone.refund_by_provider(session, wallet, key="once")

    lines = list_statement(session, wallet)
    assert [(line.via, line.amount_fen) for line in lines[:2]] == [
        ("cash", -2000),
        ("provider", -5000),
    ]
    assert get_wallet(session, wallet).balance_fen == 0
    assert [one.amount_fen for one in refunds(session)] == [5000]


def test_where_no_provider_is_left_all_of_it_is_given_in_cash(session, wallet):
    providing.hold(None)

    assert by_phone.refundable_fen(session, get_wallet(session, wallet)) == 0
    by_phone.refund_by_provider(session, wallet, key="once")

    last = list_statement(session, wallet)[0]
    assert (last.via, last.amount_fen, refunds(session)) == ("cash", -7000, [])


def test_the_provider_gives_it_back_once(session, sandbox, wallet):
    by_phone.refund_by_provider(session, wallet, key="once")
    [refund] = refunds(session)
    [payment] = [session.get(by_phone.Payment, refund.payment_id)]
    order = RefundOrder(refund.number, payment.number, refund.amount_fen)

    told = [sandbox.provider.refund(order) for _ in range(2)]

    assert told[0] == told[1]
    assert [take_refund_standing(session, refund.id, one) for one in told] == [True, False]
    assert refunds(session)[0].state == "done"


def test_what_the_provider_will_not_give_back_is_in_the_wallet_again(session, sandbox, wallet):
    by_phone.refund_by_provider(session, wallet, key="once")
    [refund] = refunds(session)

    take_refund_standing(session, refund.id, Standing(refund.number, Outcome.REFUSED))

    assert get_wallet(session, wallet).balance_fen == 5000
    assert list_statement(session, wallet)[0].move == "reversal"
    by_phone.refund_by_provider(session, wallet, key="again")
    assert [one.state for one in refunds(session)] == ["failed", "asked"]


def test_what_came_by_phone_is_refunded_and_never_taken_back(session, wallet):
    """Taken back it would be gone from the wallet, and nobody would send it to whoever paid."""
    [by_hand, came] = list_statement(session, wallet)
    assert (by_hand.via, came.via) == ("cash", "provider")

    with pytest.raises(NotReversible):
        ask_for_reversal(session, came.id, reason="多付了")
    assert get_wallet(session, wallet).balance_fen == 7000


def test_no_more_goes_back_than_came(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen)
    take_standing(session, paid(payment))
    give_back(session, payment, 4000, cause="first")

    with pytest.raises(NothingToGiveBack):
        give_back(session, payment, 1001, cause="second")
    assert payment.refunded_fen == 4000
