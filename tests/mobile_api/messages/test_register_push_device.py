"""A device shows the messages of who signed in on it."""

from sqlalchemy import text


def test_a_device_is_registered_and_forgotten(phone, session, account):
    device = {"kind": "token", "value": "a-token-of-firebase", "platform": "web"}
    assert phone.send("PUT", "/v1/push-devices", device).status_code == 204
    owners = session.execute(text("SELECT account_id FROM push_device")).scalars().all()
    assert owners == [account.id]
    gone = phone.post("/v1/push-devices/removal", {"value": device["value"]})
    assert gone.status_code == 204
    assert session.execute(text("SELECT count(*) FROM push_device")).scalar_one() == 0
