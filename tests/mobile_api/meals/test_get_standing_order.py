"""getStandingOrder"""


def test_it_shows_the_order(phone, resident, canteen, order):
    shown = phone.get(f"/v1/standing-orders/{order.id}").json

    assert (shown["resident_name"], shown["canteen_id"]) == (resident.name, canteen.site_id)


def test_a_stranger_does_not_find_it(neighbours_phone, order):
    assert neighbours_phone.get(f"/v1/standing-orders/{order.id}").status_code == 404
