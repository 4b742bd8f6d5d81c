"""sendDoorPhoto"""

from base64 import b64encode

import pytest

from server import clock
from server.meals.counter.undoing import undo_collection
from server.meals.deliveries import queries
from server.meals.deliveries.service import AtTheDoor, make_rounds, say_at_the_door, seal_round
from server.meals.models import Handing
from tests.factories.pictures import picture
from tests.mobile_api.counter.conftest import now
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def drop(session, sitting, book):
    """A meal on its way to a door."""
    book(handing=Handing.DELIVERY)
    make_rounds(session, canteen_id=sitting.canteen_id, sitting_id=sitting.id, carriers=["老赵"])
    [one] = queries.list_rounds(session, sitting.canteen_id, day=clock.today())
    seal_round(session, one.id, at=clock.now())
    [drop] = queries.list_drops(session, [one.id])
    return drop


@pytest.fixture
def send(drop):
    def do(tablet, content):
        body = {"sent_at": now(), "content": b64encode(content).decode()}
        return tablet.send("POST", f"/v1/counter/drops/{drop.id}/photo", body)

    return do


@pytest.fixture
def handed(session, drop):
    said = AtTheDoor(key="door-photo", at=clock.now(), received_by="女儿")
    return say_at_the_door(session, drop.id, said)


def test_the_photo_of_a_door_is_kept_once(tablet, session, sitting, handed, send):
    assert send(tablet, picture()).status_code == 204
    assert send(tablet, picture()).status_code == 204
    assert refusal(send(tablet, picture(mark=2))) == (409, "photo-there")

    [one] = tablet.get(f"/v1/counter/canteens/{sitting.canteen_id}/rounds").json["items"]
    assert one["drops"][0]["has_photo"]


def test_the_picture_of_a_wrong_door_goes_with_what_was_said_there(
    tablet, session, sitting, drop, handed, send
):
    assert send(tablet, picture()).status_code == 204
    undo_collection(session, "door-photo", at=clock.now(), reason="敲错了门")
    session.commit()

    [one] = tablet.get(f"/v1/counter/canteens/{sitting.canteen_id}/rounds").json["items"]
    assert not one["drops"][0]["has_photo"]
    say_at_the_door(session, drop.id, AtTheDoor("right-door", clock.now(), received_by="本人"))
    assert send(tablet, picture(mark=2)).status_code == 204


def test_before_anything_was_said_at_the_door_there_is_nothing_to_show(tablet, drop, send):
    assert refusal(send(tablet, picture())) == (404, "not-found")


def test_another_canteen_sends_none(elsewhere, handed, send):
    assert refusal(send(elsewhere, picture())) == (404, "not-found")


def test_what_is_no_picture_is_refused(tablet, handed, send):
    assert refusal(send(tablet, b"GIF89a, not a picture")) == (422, "image-unusable")


def test_a_photo_is_sent_with_the_tablets_hour(tablet, drop):
    answer = tablet.send("POST", f"/v1/counter/drops/{drop.id}/photo", {"content": "AAAA"})

    assert list(faulty_fields(answer)) == ["/sent_at"]
