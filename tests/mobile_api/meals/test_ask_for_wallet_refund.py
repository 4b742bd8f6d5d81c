"""askForWalletRefund"""

import pytest

from server.meals.wallets.keeping import refund
from tests.factories.meals import make_canteen
from tests.factories.wallets import make_wallet
from tests.mobile_api.refusals import refusal


@pytest.fixture
def wallet(session, resident):
    return make_wallet(session, resident, make_canteen(session))


def test_the_money_is_asked_back_and_stays_until_it_is_fetched(phone, wallet):
    answer = phone.post(f"/v1/wallets/{wallet}/refund-request", {"reason": "搬家"})

    assert answer.status_code == 201
    assert (answer.json["refund_asked"], answer.json["balance_fen"]) == (True, 5000)


def test_it_is_asked_once(phone, wallet):
    address = f"/v1/wallets/{wallet}/refund-request"
    phone.post(address)

    assert refusal(phone.post(address)) == (409, "wallet-asked-already")


def test_an_empty_wallet_has_nothing_to_ask_for(phone, wallet, session):
    refund(session, wallet, key="k")

    assert refusal(phone.post(f"/v1/wallets/{wallet}/refund-request")) == (
        409,
        "nothing-to-refund",
    )


def test_a_neighbour_asks_for_nothing(neighbours_phone, wallet):
    answer = neighbours_phone.post(f"/v1/wallets/{wallet}/refund-request")

    assert refusal(answer) == (404, "not-found")
