"""getTopUp"""

import pytest

from server.payments.service import note_placed, take_standing
from tests.factories.meals import make_canteen
from tests.factories.payments import make_payment, paid
from tests.mobile_api.refusals import refusal


@pytest.fixture
def payment(session, resident):
    payment = make_payment(session, resident, make_canteen(session))
    note_placed(session, payment.id, "/pay/here")
    return payment


def test_it_is_a_receipt_once_it_is_paid(phone, payment, session):
    take_standing(session, paid(payment))

    shown = phone.get(f"/v1/top-ups/{payment.id}").json

    assert (shown["state"], shown["pay_url"], shown["balance_fen"]) == ("paid", "", 5000)
    assert shown["number"] == payment.number


def test_a_neighbour_sees_nothing_of_it(neighbours_phone, payment):
    assert refusal(neighbours_phone.get(f"/v1/top-ups/{payment.id}")) == (404, "not-found")
