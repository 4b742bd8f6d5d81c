"""withdrawConsent"""

from tests.factories.consents import make_consent
from tests.mobile_api.refusals import refusal


def test_it_ends_at_once_what_rested_on_it(phone, session, resident):
    health = make_consent(session, "health", resident=resident)
    path = f"/v1/residents/{resident.id}/assessment"
    assert phone.get(path).status_code == 200

    assert phone.send("DELETE", f"/v1/consents/{health.id}").status_code == 204

    assert refusal(phone.get(path)) == (403, "consent-needed")
    assert phone.get("/v1/consents").json["items"][1]["is_given"] is False


def test_twice_is_as_good_as_once(phone, session, resident):
    health = make_consent(session, "health", resident=resident)
    address = f"/v1/consents/{health.id}"

    assert [phone.send("DELETE", address).status_code for _ in range(2)] == [204, 204]


def test_it_can_be_given_again(phone, session, resident):
    health = make_consent(session, "health", resident=resident)
    phone.send("DELETE", f"/v1/consents/{health.id}")

    phone.post(
        "/v1/consents",
        {"items": [{"purpose": "health", "version": 1, "resident_id": resident.id}]},
    )

    again = phone.get("/v1/consents").json["items"][1]
    assert again["is_given"]
    assert again["id"] != health.id


def test_somebody_elses_is_not_found(phone, session, neighbour):
    health = make_consent(session, "health", resident=neighbour)

    assert refusal(phone.send("DELETE", f"/v1/consents/{health.id}")) == (404, "not-found")
