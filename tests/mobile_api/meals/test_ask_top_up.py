"""askTopUp"""

import pytest

from server.payments import providing
from server.payments.providing import ProviderUnreachable
from tests.factories.meals import make_canteen
from tests.factories.payments import NobodysProvider
from tests.mobile_api.refusals import refusal


class Silent(NobodysProvider):
    """A provider that does not answer."""

    def place(self, order):
        raise ProviderUnreachable("http-503")


@pytest.fixture
def wish(session, resident):
    providing.hold(NobodysProvider())
    canteen = make_canteen(session).site_id
    return {"resident_id": resident.id, "canteen_id": canteen, "amount_fen": 5000}


def test_where_to_pay_is_told_a_moment_later(phone, wish):
    begun = phone.post("/v1/top-ups", wish)

    assert (begun.status_code, begun.json["state"]) == (201, "opened")
    present = phone.get(f"/v1/top-ups/{begun.json['id']}").json
    assert (present["state"], present["pay_url"]) == ("waiting", f"/pay/{present['number']}")


def test_the_same_key_begins_one_payment(phone, wish):
    twice = [phone.post("/v1/top-ups", wish, key="once-and-again").json["id"] for _ in range(2)]

    assert twice[0] == twice[1]
    assert len(phone.get("/v1/top-ups").json["items"]) == 1


def test_a_provider_that_is_silent_leaves_it_opened(phone, wish):
    providing.hold(Silent())

    begun = phone.post("/v1/top-ups", wish)

    assert (begun.status_code, begun.json["pay_url"]) == (201, "")
    assert phone.get(f"/v1/top-ups/{begun.json['id']}").json["state"] == "opened"


@pytest.mark.parametrize("fen", [999, 50_001])
def test_sums_have_bounds(phone, wish, fen):
    asked = phone.post("/v1/top-ups", wish | {"amount_fen": fen})

    assert refusal(asked) == (422, "top-up-out-of-bounds")


def test_a_site_that_is_no_canteen_takes_nothing(phone, wish):
    assert refusal(phone.post("/v1/top-ups", wish | {"canteen_id": 1 << 40})) == (404, "not-found")


def test_a_few_may_be_begun_and_not_more(phone, wish):
    for _ in range(5):
        assert phone.post("/v1/top-ups", wish).status_code == 201

    assert refusal(phone.post("/v1/top-ups", wish)) == (429, "top-ups-unfinished")


def test_nobody_pays_for_a_neighbour_they_do_not_act_for(neighbours_phone, wish):
    assert refusal(neighbours_phone.post("/v1/top-ups", wish)) == (404, "not-found")
