"""What a gateway shows, hands over, and makes of a provider's answers."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.gateways import (
    HttpGateway,
    PrintingGateway,
    Refused,
    TextMessage,
    TryLater,
    gateway_for,
    pause_asked_for,
)
from server.settings import Settings
from tests.scheduler.provider import Provider

MESSAGE = TextMessage(
    delivery_id=UUID(int=7),
    phone="+8613812341234",
    text="【银龄】您的登录验证码是 048213",
    kind="identity.sign_in_code",
)


@pytest.fixture
def provider():
    with Provider().open() as provider:
        yield provider


def test_the_screen_shows_a_masked_phone_and_the_words(capsys):
    PrintingGateway(shows_text=True).send(MESSAGE)
    assert capsys.readouterr().out == "SMS to 138****1234: 【银龄】您的登录验证码是 048213\n"


def test_outside_development_the_screen_shows_no_words(capsys):
    PrintingGateway(shows_text=False).send(MESSAGE)
    assert capsys.readouterr().out == "SMS to 138****1234: (identity.sign_in_code)\n"


def test_the_settings_choose_the_gateway():
    assert isinstance(gateway_for(Settings()), PrintingGateway)
    chosen = Settings(sms_gateway="http", sms_url="http://127.0.0.1:1/")
    assert isinstance(gateway_for(chosen), HttpGateway)


def test_a_provider_gets_the_message_under_its_delivery_id(provider):
    HttpGateway(provider.url).send(MESSAGE)

    assert provider.asked == {str(UUID(int=7)): 1}
    assert provider.bodies == [
        {
            "id": str(UUID(int=7)),
            "to": "+8613812341234",
            "text": "【银龄】您的登录验证码是 048213",
            "kind": "identity.sign_in_code",
        }
    ]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_fault_of_the_message_is_final(provider, status):
    provider.status = status
    with pytest.raises(Refused, match=f"http-{status}"):
        HttpGateway(provider.url).send(MESSAGE)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 408, 429, 500, 503])
def test_any_other_answer_may_be_better_later(provider, status):
    provider.status, provider.retry_after = status, "90"
    with pytest.raises(TryLater, match=f"http-{status}") as trouble:
        HttpGateway(provider.url).send(MESSAGE)
    assert trouble.value.pause == timedelta(seconds=90)
    assert sum(provider.asked.values()) == 1


def test_nobody_at_home_is_for_later():
    with pytest.raises(TryLater):
        HttpGateway("http://127.0.0.1:1/").send(MESSAGE)


def test_a_provider_that_never_answers_is_not_waited_for(provider, monkeypatch):
    monkeypatch.setattr("scheduler.gateways.http.ANSWER_WITHIN_S", 0.05)
    provider.takes_s = 0.3
    with pytest.raises(TryLater, match="ReadTimeoutError"):
        HttpGateway(provider.url).send(MESSAGE)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        (None, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-5", None),
        ("٣", None),
        ("30", timedelta(seconds=30)),
        ("9" * 30, timedelta(hours=4)),
    ],
    ids=["none", "a date", "negative", "not ascii", "seconds", "absurd"],
)
def test_a_pause_is_read_carefully(header, pause):
    assert pause_asked_for(header) == pause
