"""sayAtTheDoor"""

from uuid import uuid4

from tests.mobile_api.counter.conftest import now, seal
from tests.mobile_api.refusals import faulty_fields, refusal


def say(phone, drop, **said):
    body = {"key": uuid4().hex, "sent_at": now(), "at": now()} | said
    return phone.post(f"/v1/counter/drops/{drop['id']}/handing", body)


def test_a_meal_at_the_door_is_collected(tablet, canteen, first):
    seal(tablet, first["id"])

    assert say(tablet, first["drops"][0], received_by="本人").json["state"] == "accepted"
    assert say(tablet, first["drops"][1], reason="没有人开门").status_code == 200

    [one] = tablet.get(f"/v1/counter/canteens/{canteen.site_id}/rounds").json["items"]
    assert [drop["state"] for drop in one["drops"]] == ["handed", "not_home"]


def test_a_box_that_was_not_sealed_is_not_handed_over(tablet, first):
    answer = say(tablet, first["drops"][0], received_by="本人")

    assert refusal(answer) == (409, "round-not-sealed")


def test_exactly_one_thing_is_said(tablet, first):
    assert faulty_fields(say(tablet, first["drops"][0]))
    assert faulty_fields(say(tablet, first["drops"][0], code="123456", received_by="本人"))


def test_another_canteens_stop_is_not_found(elsewhere, tablet, first):
    seal(tablet, first["id"])

    assert refusal(say(elsewhere, first["drops"][0], received_by="本人")) == (404, "not-found")
