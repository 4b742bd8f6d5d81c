"""A device shows no more messages when its holder says so, and for nobody else."""

from sqlalchemy import text

DEVICE = {"kind": "token", "value": "a-token-of-firebase", "platform": "web"}


def test_it_is_gone_and_harmless_twice(phone, session):
    phone.send("PUT", "/v1/push-devices", DEVICE)
    for _ in range(2):
        gone = phone.post("/v1/push-devices/removal", {"value": DEVICE["value"]})
        assert gone.status_code == 204
    assert session.execute(text("SELECT count(*) FROM push_device")).scalar_one() == 0


def test_a_stranger_forgets_nothing(stranger):
    asked = stranger.post("/v1/push-devices/removal", {"value": DEVICE["value"]})
    assert asked.status_code == 401
