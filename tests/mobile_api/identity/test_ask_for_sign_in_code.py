"""askForSignInCode"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.identity import rules
from server.settings import Settings
from tests.factories.people import make_account
from tests.mobile_api.refusals import faulty_fields, refusal, sentences, standing

NUMBER = "13800001111"
WRITTEN = (
    NUMBER,
    " 138 0000 1111 ",
    "138-0000-1111",
    "138.0000.1111",
    "+8613800001111",
    "+86 138-0000-1111",
    "008613800001111",
    "0086 138 0000 1111",
    "（138）00001111",
    "１３８００００１１１１",
    "＋８６１３８００００１１１１",
    "\u202d138 0000 1111\u202c",
)
UNUSABLE = (
    "12345",
    "138000011112222",
    "0356-2221111",
    "+86 356 222 1111",
    "03562221111",
    "👵👵👵👵👵",
    "赵一梅的手机",
    "1380000abcd",
    "'; DROP TABLE account;--",
    "<b>13800001111</b>",
    "-----------",
    "110110",
)


@pytest.fixture
def account(session, resident):
    return make_account(session, resident, phone=NUMBER)


def ask(phone, number=NUMBER):
    return phone.post("/v1/sign-in-codes", {"phone": number})


def messages(session):
    session.commit()
    return session.execute(text("SELECT subject, kind, status FROM message")).all()


def test_a_known_phone_is_sent_one_message(stranger, session, account):
    with time_machine.travel(clock.now(), tick=False):
        response = ask(stranger)
        now = clock.now()

    assert response.status_code == 202, response.text
    assert response.json == {
        "sent_to": "138****1111",
        "expires_at": (now + timedelta(minutes=5)).isoformat(),
        "resend_at": (now + timedelta(seconds=60)).isoformat(),
    }
    assert messages(session) == [(f"account:{account.id}", "identity.sign_in_code", "waiting")]


def test_an_unknown_phone_is_answered_alike_and_sent_nothing(stranger, session, account):
    with time_machine.travel(clock.now(), tick=False):
        known = ask(stranger)
        unknown = ask(stranger, "13900001111")

    assert unknown.status_code == known.status_code == 202
    assert unknown.json == known.json | {"sent_to": "139****1111"}
    assert set(unknown.headers.keys()) == set(known.headers.keys())
    assert len(messages(session)) == 1


def test_only_the_demo_shows_the_code(stranger, session, account, monkeypatch):
    monkeypatch.setattr("mobile_api.identity.views.settings", lambda: Settings(demo=True))

    assert len(ask(stranger).json["demo_code"]) == 6
    assert "demo_code" not in ask(stranger, "13900001111").json


@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_is_understood_however_it_is_written(stranger, session, account, written):
    assert ask(stranger, written).status_code == 202
    assert len(messages(session)) == 1


@pytest.mark.parametrize("written", UNUSABLE)
def test_what_no_message_can_reach_is_refused(stranger, session, account, written):
    before = standing(session)

    assert refusal(ask(stranger, written)) == (422, "phone-number-unusable")
    assert standing(session) == before


@pytest.mark.parametrize("written", ["", "1", "1" * 31, None, 13800001111, ["13800001111"]])
def test_what_is_no_text_of_a_number_is_named(stranger, written):
    assert list(faulty_fields(ask(stranger, written))) == ["/phone"]


def test_the_reader_is_told_what_a_phone_number_is(stranger):
    assert sentences(stranger, lambda: ask(stranger, "0356-2221111")) == [
        "这个号码收不到短信验证码。请输入 11 位手机号，座机不行。",
        "A text message cannot reach this number."
        " Please enter a mobile number; a landline will not do.",
    ]


def test_a_second_code_within_a_minute_is_refused_with_the_wait(stranger, session, account):
    with time_machine.travel(clock.now(), tick=False) as time:
        ask(stranger)
        time.shift(timedelta(seconds=18))
        response = ask(stranger)
        said = sentences(stranger, lambda: ask(stranger))

    assert refusal(response) == (429, "code-asked-too-often")
    assert response.json["retry_after"] == 42
    assert response.headers["Retry-After"] == "42"
    assert said == [
        "验证码要得太频繁了。请过 42秒钟再要一次，短信有时会晚一点到。",
        "Codes were asked for too often. Please wait 42 seconds and ask again;"
        " a message can take a moment to arrive.",
    ]
    assert len(messages(session)) == 1


def test_the_wait_is_the_same_for_an_unknown_phone(stranger):
    ask(stranger, "13900001111")

    assert refusal(ask(stranger, "+8613900001111")) == (429, "code-asked-too-often")


def test_after_a_minute_a_new_code_replaces_the_old_one(stranger, session, account):
    with time_machine.travel(clock.now(), tick=False) as time:
        ask(stranger)
        time.shift(timedelta(seconds=60))

        assert ask(stranger).status_code == 202
    assert len(messages(session)) == 2


def test_a_phone_is_sent_six_codes_an_hour(stranger, session, account):
    hour = clock.now().replace(minute=0, second=1)
    with time_machine.travel(hour, tick=False) as time:
        for _ in range(6):
            assert ask(stranger).status_code == 202
            time.shift(timedelta(minutes=2))
        response = ask(stranger)

    assert refusal(response) == (429, "code-asked-too-often")
    assert response.json["retry_after"] == 48 * 60 - 1
    assert "48分钟" in response.json["detail"]
    assert len(messages(session)) == 6


def test_an_address_asks_for_so_many_codes_an_hour(stranger, session, monkeypatch):
    monkeypatch.setattr(rules, "CODES_PER_ADDRESS", (5, timedelta(hours=1)))
    hour = clock.now().replace(minute=1)
    with time_machine.travel(hour, tick=False):
        for number in range(5):
            assert ask(stranger, f"138000020{number:02d}").status_code == 202
        response = ask(stranger, "13800003000")
        stranger.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        elsewhere = ask(stranger, "13800003000")

    assert refusal(response) == (429, "code-asked-too-often")
    assert elsewhere.status_code == 202


def test_a_code_needs_no_idempotency_key(stranger, account):
    response = stranger.client.post("/v1/sign-in-codes", json={"phone": NUMBER})

    assert response.status_code == 202
