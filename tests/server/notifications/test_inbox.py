"""One's own inbox: there at once, counted, opened, and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.errors import NotFound
from server.notifications import inbox, service, wishes
from server.notifications.errors import TopicNotChoosable
from server.notifications.kinds import Topic
from server.notifications.models import Channel, Platform, PushDeviceKind
from server.notifications.service import Asked
from tests.factories.people import make_account, make_resident, make_sign_in

PHONE = "+8613800005555"


@pytest.fixture
def house(connection, as_platform):
    """Two accounts; the first has one message."""
    with transaction() as session:
        one = make_account(session, make_resident(session, name="李秀英"), phone=PHONE)
        other = make_account(session, make_resident(session, name="王建国"))
        tokens = [make_sign_in(session, account=account) for account in (one, other)]
        service.ask_for_messages(
            session,
            [
                Asked(PHONE, "zh-CN", Channel.SMS, "care_order.cancelled", "order:1",
                      {"time": "11-23 09:00"}, clock.now() - timedelta(minutes=1)),
                Asked(PHONE, "zh-CN", Channel.SMS, "identity.sign_in_code", "s:1",
                      {"code": "048213"}, clock.now()),
            ],
        )  # fmt: skip
    return tokens


def as_holder(token):
    return acting(Act(Face.PHONE, "messages.read_message", "r", token=token))


def test_a_message_lies_there_at_once_in_the_readers_language_and_codes_do_not(house):
    with as_holder(house[0]), transaction(writes=False) as session:
        (letter,) = inbox.list_letters(session, limit=10)
        assert (letter.topic, letter.is_seen) == (Topic.CARE, False)
        assert "11-23 09:00" in letter.text
        assert not letter.text.startswith("【")
        assert inbox.count_unread(session) == 1


def test_nobody_else_sees_or_opens_it(house):
    with as_holder(house[0]), transaction(writes=False) as session:
        (letter,) = inbox.list_letters(session, limit=10)
    with as_holder(house[1]), transaction() as session:
        assert inbox.list_letters(session, limit=10) == []
        with pytest.raises(NotFound):
            inbox.open_letter(session, letter.id)
        session.execute(text("SELECT see_message(:id, :now)"),
                        {"id": letter.id, "now": clock.now()})  # fmt: skip
        session.execute(text("UPDATE message SET status = 'sent'"))
    with as_holder(house[0]), transaction(writes=False) as session:
        assert inbox.count_unread(session) == 1


def test_opening_it_stops_what_would_still_be_sent(house, as_platform):
    with as_holder(house[0]), transaction() as session:
        (letter,) = inbox.list_letters(session, limit=10)
        assert inbox.open_letter(session, letter.id).is_seen
        assert inbox.open_letter(session, letter.id).is_seen
        assert inbox.count_unread(session) == 0
    with transaction() as session:
        claimed = service.claim_messages(session, limit=10)
        assert [one.kind for one in claimed] == ["identity.sign_in_code"]
        steps = session.execute(text("SELECT channel, result FROM message_step ORDER BY id")).all()
    assert steps == [("inbox", "seen"), ("sms", "not_needed")]


def test_what_is_not_due_yet_is_not_shown(house, as_platform):
    with transaction() as session:
        session.execute(text("UPDATE message SET due_at = :at"),
                        {"at": clock.now() + timedelta(hours=1)})  # fmt: skip
    with as_holder(house[0]), transaction(writes=False) as session:
        assert inbox.count_unread(session) == 0


def test_old_ones_fade(house, as_platform):
    with transaction() as session:
        session.execute(text("UPDATE message SET status = 'sent', due_at = :at"),
                        {"at": clock.now() - timedelta(days=30)})  # fmt: skip
        now = clock.now()
        kept = {"due_before": now - timedelta(days=7), "inbox_before": now - timedelta(days=180)}
        assert service.forget_facts(session, **kept, limit=10) == 1  # the code alone
        gone = {**kept, "inbox_before": now - timedelta(days=20)}
        assert service.forget_facts(session, **gone, limit=10) == 1
    with as_holder(house[0]), transaction(writes=False) as session:
        assert inbox.list_letters(session, limit=10) == []


def test_what_may_be_left_out_is_left_out_and_safety_never(house):
    with as_holder(house[0]), transaction() as session:
        wishes.choose(session, Topic.CARE, Channel.SMS, is_wanted=False)
        wishes.choose(session, Topic.CARE, Channel.SMS, is_wanted=False)
        chosen = {(one.topic, one.channel): one.is_wanted for one in wishes.list_wishes(session)}
        assert chosen[Topic.CARE, Channel.SMS] is False
        assert chosen[Topic.MEALS, Channel.SMS] is True
        for topic in (Topic.SECURITY, Topic.MONEY, Topic.ALARMS):
            with pytest.raises(TopicNotChoosable):
                wishes.choose(session, topic, Channel.SMS, is_wanted=False)
        wishes.choose(session, Topic.CARE, Channel.SMS, is_wanted=True)
        assert all(one.is_wanted for one in wishes.list_wishes(session))


def test_a_device_that_changes_hands_shows_the_messages_of_its_new_holder(house, as_platform):
    given = {"kind": PushDeviceKind.TOKEN, "value": "a-browser-1", "platform": Platform.WEB}
    for token in house:
        with as_holder(token), transaction() as session:
            wishes.register_device(session, **given)
    with as_holder(house[0]), transaction() as session:
        wishes.forget_device(session, "a-browser-1")
    with transaction(writes=False) as session:
        query = "SELECT a.phone = :phone FROM push_device d JOIN account a ON a.id = d.account_id"
        assert session.execute(text(query), {"phone": PHONE}).scalar_one() is False
