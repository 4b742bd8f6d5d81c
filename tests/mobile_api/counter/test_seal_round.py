"""sealRound"""

from tests.mobile_api.counter.conftest import seal
from tests.mobile_api.refusals import refusal


def test_a_round_is_sealed_once(tablet, canteen, first):
    assert seal(tablet, first["id"]).status_code == 204
    again = f"/v1/counter/canteens/{canteen.site_id}/rounds"
    sealed = tablet.get(again).json["items"][0]["sealed_at"]

    seal(tablet, first["id"])
    assert tablet.get(again).json["items"][0]["sealed_at"] == sealed is not None


def test_another_canteens_round_is_not_found(elsewhere, first):
    assert refusal(seal(elsewhere, first["id"])) == (404, "not-found")
