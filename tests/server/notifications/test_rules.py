"""Ladder, expiry, ids and texts, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from server.i18n.catalogues import LANGUAGES, catalogue
from server.notifications import rules
from server.notifications.errors import MessageUnusable

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_the_ladder_runs_from_a_minute_to_four_hours_and_ends():
    waits = [rules.next_try_at(failures, now=NOON) for failures in range(1, 7)]

    assert waits[0] == NOON + timedelta(minutes=1)
    assert waits[4] == NOON + timedelta(hours=4)
    assert waits[5] is None


def test_a_provider_that_asks_for_a_longer_pause_is_given_it():
    asked = rules.next_try_at(1, now=NOON, at_least=timedelta(minutes=9))
    assert asked == NOON + timedelta(minutes=9)


def test_a_provider_that_asks_for_less_waits_for_the_rung():
    assert rules.next_try_at(2, now=NOON, at_least=timedelta(seconds=1)) == NOON + timedelta(
        minutes=5
    )


@pytest.mark.parametrize(
    ("expires_at", "expired"),
    [(None, False), (NOON + timedelta(seconds=1), False), (NOON, True)],
    ids=["never", "a second left", "now"],
)
def test_a_message_expires_at_its_instant(expires_at, expired):
    assert rules.is_expired(expires_at, now=NOON) is expired


def test_a_delivery_id_is_the_same_for_every_try_and_another_for_every_message():
    first = rules.delivery_id("1405", 7, NOON)
    assert first == rules.delivery_id("1405", 7, NOON)
    others = {
        rules.delivery_id("3201", 7, NOON),
        rules.delivery_id("1405", 8, NOON),
        rules.delivery_id("1405", 7, NOON + timedelta(days=1)),
    }
    assert first not in others
    assert len(others) == 3


def test_the_code_is_said_in_the_language_of_the_contact():
    facts = {"code": "048213"}
    chinese = rules.text_of("identity.sign_in_code", language="zh-CN", facts=facts)
    english = rules.text_of("identity.sign_in_code", language="en", facts=facts)
    assert chinese == "【银龄】您的登录验证码是 048213，5 分钟内有效。请不要告诉别人。"
    assert "048213" in english
    assert "sign-in code" in english


def test_an_unknown_language_is_answered_in_chinese():
    facts = {"code": "048213"}
    assert rules.text_of("identity.sign_in_code", language="fr", facts=facts).startswith("【银龄】")


def test_a_torso_is_never_said():
    with pytest.raises(MessageUnusable, match="code"):
        rules.text_of("identity.sign_in_code", language="en", facts={})
    with pytest.raises(MessageUnusable, match="no text"):
        rules.text_of("identity.unheard_of", language="en", facts={})


def test_every_message_has_its_text_in_every_language():
    texts = [set(catalogue(language, "messages")) for language in LANGUAGES]
    assert texts[0] == texts[1]
