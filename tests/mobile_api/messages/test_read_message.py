"""A message that is opened counts as seen, for its owner alone."""

from sqlalchemy import text

from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


def test_opening_counts_as_seen_and_stops_the_rest(written, phone, session):
    one = phone.get("/v1/messages").json["items"][0]["id"]
    opened = phone.send("PUT", f"/v1/messages/{one}/reading", {})
    assert (opened.status_code, opened.json["is_seen"]) == (200, True)
    assert phone.get("/v1/messages").json["unread"] == 2
    status = session.execute(text("SELECT status FROM message WHERE id = :id"), {"id": one})
    assert status.scalar_one() == "seen"


def test_a_message_of_somebody_else_is_not_there(written, phone, app, session, neighbour):
    token = make_sign_in(session, account=make_account(session, neighbour))
    other = Phone(app.test_client(), session, token)
    one = phone.get("/v1/messages").json["items"][0]["id"]
    assert other.send("PUT", f"/v1/messages/{one}/reading", {}).status_code == 404
    assert other.get("/v1/messages").json["items"] == []
