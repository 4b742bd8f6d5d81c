"""listRounds"""

from tests.mobile_api.refusals import refusal


def test_a_round_has_its_stops_in_order(tablet, canteen, rounds):
    [one] = tablet.get(f"/v1/counter/canteens/{canteen.site_id}/rounds").json["items"]

    assert (one["carrier"], one["sealed_at"], one["is_late"]) == ("老赵", None, False)
    assert [(drop["position"], drop["state"]) for drop in one["drops"]] == [
        (1, "waiting"),
        (2, "waiting"),
    ]


def test_another_canteens_rounds_are_not_found(elsewhere, canteen, rounds):
    answer = elsewhere.get(f"/v1/counter/canteens/{canteen.site_id}/rounds")

    assert refusal(answer) == (404, "not-found")
