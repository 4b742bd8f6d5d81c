"""From one way to the next: unseen, failed, opened, called; on PostgreSQL."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.notifications import kinds, outcomes, service
from server.notifications.hours import Quiet
from server.notifications.kinds import PATIENT, Inbox, Kind, Topic
from server.notifications.models import Channel, Urgency
from server.notifications.outcomes import Failure
from server.notifications.service import Asked
from tests.factories.people import make_account, make_resident

KIND = "care_order.cancelled"
FACTS = {"time": "11-23 09:00"}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """The kind climbs the whole ladder, and the night never comes: tests run at any hour."""
    whole = {**kinds.KINDS, KIND: Kind(Topic.CARE, Inbox.ACCOUNT, PATIENT, keeps_quiet=False)}
    monkeypatch.setattr(kinds, "KINDS", whole)


@pytest.fixture
def account(session):
    return make_account(session, make_resident(session, name="李秀英"), phone="+8613800005555")


def ask(session, **given):
    asked = {
        "phone": "+8613800005555",
        "language": "zh-CN",
        "channel": Channel.SMS,
        "kind": KIND,
        "subject": "order:1",
        "facts": FACTS,
        "due_at": clock.now() - timedelta(seconds=1),
    }
    return service.ask_for_messages(session, [Asked(**{**asked, **given})])


def row(session):
    return session.execute(text("SELECT * FROM message")).one()


def steps(session):
    query = text("SELECT channel, result, reason FROM message_step ORDER BY id")
    return [tuple(one) for one in session.execute(query)]


def claim(session):
    session.execute(text("UPDATE message SET try_at = :now WHERE status = 'waiting'"),
                    {"now": clock.now() - timedelta(seconds=1)})  # fmt: skip
    (message,) = service.claim_messages(session, limit=10)
    return message


def test_a_message_to_an_accounts_phone_lies_in_its_inbox_and_begins_with_a_push(session, account):
    ask(session)
    found = row(session)
    assert (found.account_id, found.channel, found.status) == (account.id, "push", "waiting")
    assert found.division_code is not None


def test_a_message_to_a_strangers_phone_goes_by_text_message_at_once(session):
    ask(session)
    assert (row(session).account_id, row(session).channel) == (None, "sms")


def test_unseen_for_half_an_hour_it_goes_by_text_message(session, account):
    ask(session)
    outcomes.mark_sent(session, [claim(session)], {row(session).id: "projects/1"})
    outcomes.mark_not_needed(session, {claim(session): "no-address"})

    found = row(session)
    assert (found.channel, found.status) == ("sms", "waiting")
    assert timedelta(minutes=29) < found.try_at - clock.now() <= timedelta(minutes=30)
    outcomes.mark_sent(session, [claim(session)])
    assert row(session).status == "sent"
    assert steps(session) == [
        ("push", "sent", ""), ("email", "not_needed", "no-address"), ("sms", "sent", ""),
    ]  # fmt: skip


def test_an_urgent_one_waits_for_nobody(session, account):
    ask(session, urgency=Urgency.URGENT)
    outcomes.mark_not_needed(session, {claim(session): "no-device"})
    outcomes.mark_not_needed(session, {claim(session): "no-address"})
    assert row(session).try_at <= clock.now()


def test_whom_no_text_message_reaches_is_called(session, account):
    ask(session)
    outcomes.mark_not_needed(session, {claim(session): "no-device"})
    outcomes.mark_not_needed(session, {claim(session): "no-address"})
    outcomes.mark_failed(session, [Failure(claim(session), "http-400", is_final=True)])
    assert (row(session).status, row(session).channel) == ("calling", "call")
    assert steps(session)[-1] == ("sms", "failed", "http-400")


def test_what_is_opened_in_a_workers_hands_goes_no_further(session, account):
    ask(session)
    held = claim(session)
    session.execute(text("UPDATE message SET seen_at = :now"), {"now": clock.now()})
    outcomes.mark_not_needed(session, {held: "no-device"})
    assert row(session).status == "seen"
    assert service.claim_messages(session, limit=10) == []


def test_a_late_failure_never_takes_back_what_another_worker_sent(session, account):
    ask(session)
    slow = claim(session)
    outcomes.mark_sent(session, [slow])
    outcomes.mark_failed(session, [Failure(slow, "unreachable", is_final=True)])
    assert steps(session) == [("push", "sent", "")]
    assert row(session).channel == "email"


def test_a_message_put_off_waits_for_the_hour(session, account):
    ask(session)
    until = clock.now() + timedelta(hours=3)
    outcomes.put_off(session, [claim(session)], until)
    assert (row(session).status, row(session).try_at) == ("waiting", until)


def test_asked_for_at_night_it_is_there_at_once_and_goes_out_in_the_morning(
    session, account, monkeypatch
):
    monkeypatch.setattr(kinds, "KINDS", {KIND: Kind(Topic.CARE, Inbox.ACCOUNT, PATIENT)})
    night = datetime(2026, 11, 23, 23, 0, tzinfo=clock.CITY)
    ask(session, due_at=night)
    found = row(session)
    assert found.due_at == night
    assert found.try_at == Quiet().over(night) == datetime(2026, 11, 24, 7, tzinfo=clock.CITY)


def test_members_of_staff_without_a_phone_are_recipients_apart(session, as_platform):
    ask(session, phone="", account_id=make_account(session, phone="+8613800007777").id)
    ask(session, phone="", account_id=make_account(session, phone="+8613800008888").id)
    assert session.execute(text("SELECT count(*) FROM message")).scalar_one() == 2


def test_asked_for_twice_with_an_owner_it_is_there_once(session, account):
    due_at = clock.now()
    assert ask(session, due_at=due_at) == 1
    assert ask(session, due_at=due_at, account_id=account.id) == 0
