"""acceptOffer"""

from datetime import timedelta

from server import clock
from tests.mobile_api.refusals import faulty_fields, refusal

TODAY = clock.today()


def accept(phone, offers_address, offer, **changed):
    wish = {"planned_on": TODAY.isoformat()} | changed
    return phone.post(f"{offers_address}/{offer['id']}/acceptance", wish)


def test_the_bed_is_held(phone, offers_address, offer):
    taken = accept(phone, offers_address, offer).json

    assert (taken["state"], taken["offer"]) == ("accepted", None)
    assert taken["held_from"] == TODAY.isoformat()
    assert taken["held_until"] == (TODAY + timedelta(days=3)).isoformat()


def test_twice_is_told(phone, offers_address, offer):
    accept(phone, offers_address, offer)

    assert refusal(accept(phone, offers_address, offer)) == (409, "offer-over")


def test_a_day_far_off_is_refused(phone, offers_address, offer):
    far = (TODAY + timedelta(days=91)).isoformat()

    answer = accept(phone, offers_address, offer, planned_on=far)

    assert refusal(answer) == (422, "day-out-of-reach")


def test_a_day_is_needed(phone, offers_address, offer):
    response = phone.post(f"{offers_address}/{offer['id']}/acceptance", {})

    assert list(faulty_fields(response)) == ["/planned_on"]


def test_a_stranger_takes_nothing(neighbours_phone, offers_address, offer):
    assert refusal(accept(neighbours_phone, offers_address, offer)) == (404, "not-found")
