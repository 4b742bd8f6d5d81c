"""declineOffer"""

from tests.mobile_api.refusals import refusal


def decline(phone, offers_address, offer):
    return phone.post(f"{offers_address}/{offer['id']}/refusal")


def test_the_place_stays(phone, offers_address, offer):
    declined = decline(phone, offers_address, offer).json

    assert (declined["state"], declined["offer"], declined["place"]) == ("waiting", None, 1)


def test_it_is_said_once(phone, offers_address, offer):
    decline(phone, offers_address, offer)

    assert refusal(decline(phone, offers_address, offer)) == (409, "offer-over")


def test_a_stranger_declines_nothing(neighbours_phone, offers_address, offer):
    assert refusal(decline(neighbours_phone, offers_address, offer)) == (404, "not-found")


def test_an_offer_of_another_application_is_not_there(phone, application, offer):
    address = f"/v1/applications/{application['id']}/offers/{offer['id'] + 1}/refusal"

    assert refusal(phone.post(address)) == (404, "not-found")
