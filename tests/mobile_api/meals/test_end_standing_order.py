"""endStandingOrder"""


def test_twice_is_as_good_as_once(phone, order):
    first, second = (phone.post(f"/v1/standing-orders/{order.id}/end") for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json["ended_at"] is not None
    assert phone.get("/v1/standing-orders").json["items"] == []


def test_a_stranger_does_not_end_it(neighbours_phone, order):
    assert neighbours_phone.post(f"/v1/standing-orders/{order.id}/end").status_code == 404
