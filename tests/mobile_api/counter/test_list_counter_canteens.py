"""listCounterCanteens"""

from tests.mobile_api.refusals import refusal


def test_a_cook_serves_at_their_own_canteen_alone(tablet, elsewhere, canteen):
    assert [one["id"] for one in tablet.get("/v1/counter/canteens").json["items"]] == [
        canteen.site_id
    ]
    assert canteen.site_id not in {
        one["id"] for one in elsewhere.get("/v1/counter/canteens").json["items"]
    }


def test_residents_have_no_counter(phone):
    assert refusal(phone.get("/v1/counter/canteens")) == (403, "not-allowed")
