"""One batch over every way: pushes together, gone devices forgotten, wishes kept, breakers held."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text

from scheduler import delivery
from scheduler.gateways import NotAllowed, Refused, TryLater
from scheduler.push import DeviceGone
from scheduler.sending import Others
from server import clock
from server.db.sessions import transaction
from server.notifications import kinds
from server.notifications.kinds import PATIENT, Inbox, Kind, Topic
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from tests.factories.people import make_account, make_resident, make_staff

KIND = "care_order.cancelled"
PHONE = "+8613800005555"


class Texts:
    """A gateway that keeps what it is given, and fails as it is told."""

    def __init__(self, trouble=None):
        self.got, self.trouble = [], trouble

    def send(self, message):
        if self.trouble is not None:
            raise self.trouble
        self.got.append(message)


class Firebase:
    """Takes pushes; a device whose name is that of a trouble gets it."""

    TROUBLES = {"gone": DeviceGone("device-gone"), "busy": TryLater("fcm-UNAVAILABLE")}

    def __init__(self):
        self.batches = []

    def send_each(self, pushes):
        self.batches.append(list(pushes))
        return [self.TROUBLES.get(one.device.value, "projects/1") for one in pushes]


class Post:
    """A mail server that takes everything."""

    def __init__(self):
        self.got = []

    def send(self, delivery_id, **mail):
        self.got.append(mail)
        return "<1@yinling>"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """The whole ladder, for accounts and staff, at any hour."""
    kind = Kind(Topic.CARE, Inbox.EITHER, PATIENT, keeps_quiet=False)
    monkeypatch.setattr(kinds, "KINDS", {**kinds.KINDS, KIND: kind})


@pytest.fixture
def account(connection, as_platform):
    with transaction() as session:
        return make_account(session, make_resident(session, name="李秀英"), phone=PHONE).id


def ask(phone=PHONE, subject="order:1", **given):
    with transaction() as session:
        ask_for_messages(
            session,
            [
                Asked(phone, "zh-CN", Channel.SMS, KIND, subject, {"time": "11-23 09:00"},
                      clock.now() - timedelta(seconds=1), **given)
            ],
        )  # fmt: skip


def run(statement, **values):
    with transaction() as session:
        result = session.execute(text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else None


def give_device(account_id, value):
    run("INSERT INTO push_device (account_id, kind, value, platform, last_seen_at)"
        " VALUES (:account, 'fid', :value, 'web', :now)",
        account=account_id, value=value, now=clock.now())  # fmt: skip


def deliver(texts, **others):
    return delivery.deliver_batch(texts, Event(), Others(**others))


def steps():
    return run("SELECT channel, result, reason FROM message_step ORDER BY id")


def test_all_devices_of_all_messages_go_in_one_batch(account):
    give_device(account, "phone-1")
    give_device(account, "phone-2")
    ask()
    ask(subject="order:2")
    firebase = Firebase()
    assert deliver(Texts(), pushes=firebase) == 2
    assert [len(batch) for batch in firebase.batches] == [4]
    assert steps() == [("push", "sent", "")] * 2
    assert len({push.delivery_id for push in firebase.batches[0]}) == 2


def test_one_device_is_enough_and_one_that_is_gone_is_forgotten(account):
    give_device(account, "gone")
    give_device(account, "phone-1")
    ask()
    deliver(Texts(), pushes=Firebase())
    assert steps() == [("push", "sent", "")]
    assert run("SELECT value FROM push_device") == [("phone-1",)]


def test_firebase_that_is_busy_is_asked_again(account):
    give_device(account, "busy")
    ask()
    deliver(Texts(), pushes=Firebase())
    assert steps() == []
    assert run("SELECT status, attempts FROM message") == [("waiting", 1)]


def test_without_devices_mail_or_pushes_it_waits_for_the_text_message(account):
    ask()
    texts = Texts()
    while deliver(texts):
        pass
    assert steps() == [("push", "not_needed", "no-push"), ("email", "not_needed", "no-mail")]
    assert run("SELECT channel, status FROM message") == [("sms", "waiting")]
    run("UPDATE message SET try_at = :now", now=clock.now())
    deliver(texts)
    assert len(texts.got) == 1
    assert run("SELECT status FROM message") == [("sent",)]


def test_what_is_not_wished_is_not_sent(account):
    run("INSERT INTO message_opt_out (account_id, topic, channel, since)"
        " VALUES (:account, 'care', 'sms', :now)", account=account, now=clock.now())  # fmt: skip
    run("UPDATE message SET try_at = try_at")
    ask()
    texts = Texts()
    while deliver(texts):
        run("UPDATE message SET try_at = :now WHERE status = 'waiting'", now=clock.now())
    assert texts.got == []
    assert steps()[-1] == ("sms", "not_needed", "not-wished")


def test_a_member_of_staff_gets_mail(connection, as_platform):
    with transaction() as session:
        staff = make_staff(session, "county_officer", division_code="140502").id
    run("INSERT INTO staff_email (staff_id, address, entered_at)"
        " VALUES (:staff, 'wang@example.cn', :now)", staff=staff, now=clock.now())  # fmt: skip
    ask(phone="", staff_id=staff)
    post = Post()
    while deliver(Texts(), mailer=post):
        pass
    (mail,) = post.got
    assert mail["address"] == "wang@example.cn"
    assert "11-23 09:00" in mail["text"]


def test_whoever_has_no_number_ends_on_the_call_list(account):
    run("UPDATE account SET closed_at = NULL")
    ask(phone="", account_id=account)
    texts = Texts()
    while deliver(texts):
        run("UPDATE message SET try_at = :now WHERE status = 'waiting'", now=clock.now())
    assert texts.got == []
    assert steps()[-1] == ("sms", "failed", "no-phone")
    assert run("SELECT status FROM message") == [("calling",)]


@pytest.mark.parametrize("trouble", [TryLater("http-503"), NotAllowed("http-401")], ids=str)
def test_a_provider_in_trouble_is_spared_and_nothing_is_lost(connection, as_platform, trouble):
    for number in range(12):
        ask(phone=f"+86138{number:08}", subject=f"order:{number}")
    deliver(Texts(trouble))
    ask(phone="+8613900000000", subject="later")
    assert deliver(Texts()) == 0
    run("UPDATE channel_state SET resting_until = :now", now=clock.now())
    assert deliver(Texts()) == 1
    assert run("SELECT resting_until, failures FROM channel_state") == [(None, 0)]
    assert run("SELECT count(*) FROM message WHERE status = 'waiting'") == [(12,)]


def test_a_fault_of_the_message_says_nothing_of_the_provider(connection, as_platform):
    for number in range(12):
        ask(phone=f"+86138{number:08}", subject=f"order:{number}")
    deliver(Texts(Refused("http-400")))
    assert run("SELECT count(*) FROM channel_state") == [(0,)]
    assert run("SELECT DISTINCT status FROM message") == [("calling",)]


def test_a_quiet_kind_that_comes_late_waits_for_the_morning(account, monkeypatch):
    kind = Kind(Topic.CARE, Inbox.ACCOUNT, (kinds.SMS,))
    monkeypatch.setattr(kinds, "KINDS", {KIND: kind})
    ask()
    run("UPDATE message SET try_at = :now", now=clock.now())
    monkeypatch.setattr(delivery.hours.Quiet, "holds", lambda *_: True)
    texts = Texts()
    assert deliver(texts) == 0
    assert texts.got == []
    assert run("SELECT status, attempts FROM message") == [("waiting", 0)]
