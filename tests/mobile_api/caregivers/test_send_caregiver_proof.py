"""sendCaregiverProof"""

from base64 import b64encode

from tests.factories.pictures import picture
from tests.mobile_api.refusals import refusal

ADDRESS = "/v1/caregiver/proofs"


def proof(**given):
    return {"kind": "certificate", "picture": b64encode(picture()).decode()} | given


def test_a_scan_waits_for_the_employer(phone, linked):
    answer = phone.post(ADDRESS, proof())

    assert answer.status_code == 201
    assert (answer.json["kind"], answer.json["state"]) == ("certificate", "waiting")
    [shown] = phone.get("/v1/caregiver").json["proofs"]
    assert shown["id"] == answer.json["id"]


def test_the_same_picture_again_is_the_one_that_waits(phone, linked):
    sent = [phone.post(ADDRESS, proof()).json["id"] for _ in range(2)]
    assert len(set(sent)) == 1


def test_what_is_no_picture_is_refused(phone, linked):
    answer = phone.post(ADDRESS, proof(picture=b64encode(b"not a picture").decode()))
    assert refusal(answer) == (422, "image-unusable")


def test_an_unknown_kind_is_refused(phone, linked):
    assert phone.post(ADDRESS, proof(kind="portrait")).status_code == 422


def test_whoever_has_no_file_sends_nothing(phone):
    assert refusal(phone.post(ADDRESS, proof())) == (404, "not-found")
