"""withdrawWalletRefund"""

from tests.factories.meals import make_canteen
from tests.factories.wallets import make_wallet
from tests.mobile_api.refusals import refusal


def test_the_money_stays_where_it_is_and_twice_is_as_good_as_once(phone, resident, session):
    wallet = make_wallet(session, resident, make_canteen(session))
    phone.post(f"/v1/wallets/{wallet}/refund-request")
    address = f"/v1/wallets/{wallet}/refund-request/withdrawal"

    assert phone.post(address).json["refund_asked"] is False
    assert phone.post(address).status_code == 200


def test_a_neighbour_withdraws_nothing(neighbours_phone, resident, session):
    wallet = make_wallet(session, resident, make_canteen(session))

    answer = neighbours_phone.post(f"/v1/wallets/{wallet}/refund-request/withdrawal")

    assert refusal(answer) == (404, "not-found")
