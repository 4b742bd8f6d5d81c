"""getWaiting"""


def test_it_shows_the_offer_and_until_when(phone, offered):
    shown = phone.get(f"/v1/meal-waiting/{offered.id}").json

    assert (shown["state"], shown["expires_at"] is not None) == ("offered", True)


def test_a_stranger_does_not_find_it(neighbours_phone, offered):
    assert neighbours_phone.get(f"/v1/meal-waiting/{offered.id}").status_code == 404
