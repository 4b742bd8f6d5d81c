"""listWallets"""

from tests.factories.meals import make_canteen
from tests.factories.wallets import make_wallet


def test_it_says_how_much_is_where(phone, resident, session):
    little, much = make_canteen(session), make_canteen(session)
    make_wallet(session, resident, little, 1000)
    make_wallet(session, resident, much, 5000)

    items = phone.get("/v1/wallets").json["items"]

    assert [(one["canteen_id"], one["balance_fen"]) for one in items] == [
        (much.site_id, 5000),
        (little.site_id, 1000),
    ]
    assert items[0]["resident_name"] == "李秀英"
    assert (items[0]["is_open"], items[0]["refund_asked"]) == (True, False)


def test_a_neighbours_money_is_not_there(neighbours_phone, resident, session):
    make_wallet(session, resident, make_canteen(session))

    assert neighbours_phone.get("/v1/wallets").json == {"items": []}
