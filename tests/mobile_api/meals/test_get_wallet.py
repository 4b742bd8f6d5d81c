"""getWallet"""

from datetime import timedelta

from server import clock
from server.meals.collecting import collect_meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.wallets import make_wallet
from tests.mobile_api.refusals import refusal


def test_it_says_what_became_of_the_money(phone, resident, session):
    canteen = make_canteen(session)
    wallet = make_wallet(session, resident, canteen, 1000)
    soon = clock.now() + timedelta(hours=1)
    lunch = make_sitting(session, canteen, in_days=0, cutoff_at=soon)
    booked = phone.book(lunch, resident).json
    collect_meal(session, canteen_id=canteen.site_id, code=booked["code"])

    shown = phone.get(f"/v1/wallets/{wallet}").json

    assert shown["balance_fen"] == 100
    assert [(one["move"], one["amount_fen"], one["meal"]) for one in shown["lines"]] == [
        ("meal", -900, "lunch"),
        ("top_up", 1000, None),
    ]
    assert shown["lines"][1]["receipt"].startswith(f"{canteen.site_id}-")
    assert phone.get(f"/v1/bookings/{booked['id']}").json["paid_how"] == "wallet"


def test_a_neighbours_wallet_is_not_found(neighbours_phone, resident, session):
    wallet = make_wallet(session, resident, make_canteen(session))

    assert refusal(neighbours_phone.get(f"/v1/wallets/{wallet}")) == (404, "not-found")
