"""listCareOrders"""


def test_what_was_ordered_stands_there(phone, placed):
    assert [one["id"] for one in phone.get("/v1/care-orders").json["items"]] == [placed["id"]]


def test_neighbours_see_nothing_of_it(neighbours_phone, placed):
    assert neighbours_phone.get("/v1/care-orders").json["items"] == []
