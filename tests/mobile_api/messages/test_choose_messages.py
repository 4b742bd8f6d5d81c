"""By which ways one is written to is chosen, where it may be."""

from tests.mobile_api.refusals import refusal


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
