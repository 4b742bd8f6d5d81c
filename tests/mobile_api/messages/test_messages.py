"""The inbox of a phone: read, opened, chosen, and shown by devices."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


@pytest.fixture
def written(session, account):
    """Three messages to the account's own phone, a minute apart."""

    def write(count=3):
        now = clock.now()
        ask_for_messages(
            session,
            [
                Asked(account.phone, "zh-CN", Channel.SMS, "care_order.cancelled",
                      f"order:{number}:{count}", {"time": f"11-2{number} 09:00"},
                      now - timedelta(minutes=number + 1))
                for number in range(count)
            ],
        )  # fmt: skip

    write()
    return write


def test_the_latest_stands_first_and_unread_ones_are_counted(written, phone):
    found = phone.get("/v1/messages").json
    assert [one["text"][-12:] for one in found["items"]] != []
    assert [one["is_seen"] for one in found["items"]] == [False] * 3
    assert (found["unread"], found["next_cursor"]) == (3, None)
    assert found["items"][0]["topic"] == "care"
    assert phone.get("/v1/me").json["unread_messages"] == 3


def test_pages_go_on_where_the_last_one_ended(written, phone):
    first = phone.get("/v1/messages?limit=2").json
    second = phone.get(f"/v1/messages?limit=2&cursor={first['next_cursor']}").json
    ids = [one["id"] for one in [*first["items"], *second["items"]]]
    assert len(set(ids)) == 3
    assert second["next_cursor"] is None


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


def test_an_unknown_filter_is_refused(phone):
    assert phone.get("/v1/messages?kind=x").status_code == 422


def test_the_list_asks_as_often_for_many_as_for_few(written, phone, count_statements):
    with count_statements() as few:
        phone.get("/v1/messages")
    written(20)
    with count_statements() as many:
        phone.get("/v1/messages")
    assert len(few) == len(many)


def test_a_group_by_a_way_can_be_left_out_and_taken_again(phone):
    wish = {"topic": "meals", "channel": "sms", "is_wanted": False}
    told = phone.send("PUT", "/v1/message-wishes", wish).json["items"]
    assert [one["is_wanted"] for one in told
            if (one["topic"], one["channel"]) == ("meals", "sms")] == [False]  # fmt: skip
    assert phone.send("PUT", "/v1/message-wishes", wish | {"is_wanted": True}).status_code == 200
    told = phone.get("/v1/message-wishes").json["items"]
    assert all(one["is_wanted"] for one in told)


def test_what_concerns_safety_is_always_sent(phone):
    wish = {"topic": "security", "channel": "sms", "is_wanted": False}
    refused = phone.send("PUT", "/v1/message-wishes", wish)
    assert refusal(refused) == (422, "topic-not-choosable")


def test_without_a_project_of_firebase_there_are_no_pushes(phone):
    assert phone.get("/v1/push-config").json == {"is_configured": False, "settings": {}}


def test_a_device_is_registered_and_forgotten(phone, session, account):
    device = {"kind": "token", "value": "a-token-of-firebase", "platform": "web"}
    assert phone.send("PUT", "/v1/push-devices", device).status_code == 204
    owners = session.execute(text("SELECT account_id FROM push_device")).scalars().all()
    assert owners == [account.id]
    gone = phone.post("/v1/push-devices/removal", {"value": device["value"]})
    assert gone.status_code == 204
    assert session.execute(text("SELECT count(*) FROM push_device")).scalar_one() == 0
