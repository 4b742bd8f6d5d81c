"""getTopUpChoices"""

from server.payments import providing
from tests.factories.meals import make_canteen
from tests.factories.payments import NobodysProvider
from tests.factories.wallets import make_wallet
from tests.mobile_api.refusals import refusal


def ask(phone, resident, canteen):
    address = f"/v1/residents/{resident.id}/top-up-choices?canteen_id={canteen.site_id}"
    return phone.get(address)


def test_sums_are_offered_as_far_as_there_is_room(phone, resident, session):
    providing.hold(NobodysProvider())
    canteen = make_canteen(session)
    make_wallet(session, resident, canteen, 88_000)

    answer = ask(phone, resident, canteen).json

    assert answer["is_on"]
    assert (answer["tiles_fen"], answer["most_fen"]) == ([5000, 10000], 12_000)


def test_nothing_is_offered_where_nobody_takes_it(phone, resident, session):
    assert ask(phone, resident, make_canteen(session)).json["is_on"] is False


def test_a_neighbour_learns_nothing(neighbours_phone, resident, session):
    assert refusal(ask(neighbours_phone, resident, make_canteen(session))) == (404, "not-found")
