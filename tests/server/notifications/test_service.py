"""The outbox on PostgreSQL: asked for once, taken by one, retried, expired, forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.notifications import outcomes, rules, service
from server.notifications.errors import MessageUnusable
from server.notifications.models import Channel
from server.notifications.outcomes import Failure
from server.notifications.queries import get_backlog, has_work

PHONE = "+8613800001234"


def ask(session, **given):
    due_at = given.pop("due_at", clock.now() - timedelta(seconds=1))
    asked = {
        "phone": PHONE,
        "language": "zh-CN",
        "channel": Channel.SMS,
        "kind": "identity.sign_in_code",
        "subject": "sign-in:1",
        "facts": {"code": "048213"},
        "due_at": due_at,
    }
    return service.ask_for_message(session, **{**asked, **given})


def claim_one(session):
    (message,) = service.claim_messages(session, limit=10)
    return message


def message_row(session):
    return session.execute(text("SELECT * FROM message")).one()


def wait_until_lease_ends(session):
    session.execute(text("UPDATE message SET try_at = try_at - interval '1 hour'"))


def test_a_message_asked_for_twice_is_there_once(session):
    due_at = clock.now()
    assert ask(session, due_at=due_at) is True
    assert ask(session, due_at=due_at) is False
    assert session.execute(text("SELECT count(*) FROM message")).scalar_one() == 1


def test_the_same_phone_is_one_contact_with_the_language_asked_for_last(session):
    ask(session)
    ask(session, subject="sign-in:2", language="en")
    contacts = session.execute(text("SELECT phone, language FROM contact")).all()
    assert contacts == [(PHONE, "en")]


def test_the_facts_lie_sealed_and_come_back_as_the_sentence(session):
    ask(session)
    assert b"048213" not in bytes(message_row(session).facts_cipher)
    assert "048213" in service.text_of(claim_one(session))


def test_a_kind_without_a_text_is_refused_when_it_is_asked_for(session):
    with pytest.raises(MessageUnusable):
        ask(session, kind="identity.unheard_of")


def test_whoever_acts_may_ask_but_not_read(connection):
    resident = Act(Face.PHONE, "test", "r", token="made-up")
    with acting(resident), transaction() as session:
        assert ask(session) is True
        assert session.execute(text("SELECT count(*) FROM message")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM contact")).scalar_one() == 0


def test_nobody_asks_in_a_reading_transaction(connection, as_platform):
    with pytest.raises(DBAPIError), transaction(writes=False) as session:
        ask(session)


def test_what_one_worker_holds_no_other_gets(session):
    ask(session)
    assert has_work(session, now=clock.now())
    claim_one(session)
    assert service.claim_messages(session, limit=10) == []
    assert not has_work(session, now=clock.now())


def test_a_message_is_not_taken_before_it_is_due(session):
    ask(session, due_at=clock.now() + timedelta(minutes=5))
    assert service.claim_messages(session, limit=10) == []


def test_messages_are_taken_up_to_the_limit_oldest_first(session):
    now = clock.now()
    for minutes in (1, 3, 2):
        ask(session, due_at=now - timedelta(minutes=minutes))
    taken = service.claim_messages(session, limit=2)
    assert [message.due_at for message in taken] == [
        now - timedelta(minutes=3),
        now - timedelta(minutes=2),
    ]


def test_a_worker_that_died_loses_nothing(session):
    ask(session)
    first = claim_one(session)
    wait_until_lease_ends(session)
    assert claim_one(session).id == first.id


def test_a_sent_message_is_never_taken_again(session):
    ask(session)
    outcomes.mark_sent(session, [claim_one(session)])
    wait_until_lease_ends(session)
    assert service.claim_messages(session, limit=10) == []
    assert message_row(session).status == "sent"


def test_a_failed_message_waits_for_its_rung_and_at_last_is_closed(session):
    ask(session)
    for rung in rules.RETRY_LADDER:
        outcomes.mark_failed(session, [Failure(claim_one(session), "unreachable")])
        row = message_row(session)
        assert row.status == "waiting"
        assert timedelta(0) <= clock.now() + rung - row.try_at < timedelta(seconds=10)
        session.execute(text("UPDATE message SET try_at = :at"), {"at": clock.now()})
    outcomes.mark_failed(session, [Failure(claim_one(session), "unreachable")])
    assert (message_row(session).status, message_row(session).attempts) == ("failed", 6)


def test_a_refused_message_is_closed_at_once(session):
    ask(session)
    outcomes.mark_failed(session, [Failure(claim_one(session), "http-400", is_final=True)])
    assert (message_row(session).status, message_row(session).failure) == ("failed", "http-400")


def test_a_failure_of_a_worker_whose_lease_ran_out_changes_nothing(session):
    ask(session)
    slow = claim_one(session)
    wait_until_lease_ends(session)
    claim_one(session)
    outcomes.mark_failed(session, [Failure(slow, "unreachable")])
    assert (message_row(session).status, message_row(session).attempts) == ("leased", 0)


def test_a_message_put_back_is_taken_at_once(session):
    ask(session)
    first = claim_one(session)
    outcomes.put_back(session, [first])
    assert claim_one(session).id == first.id


def test_an_expired_message_is_closed_and_not_handed_out(session):
    ask(session, expires_at=clock.now() - timedelta(milliseconds=1))
    assert service.claim_messages(session, limit=10) == []
    assert message_row(session).status == "expired"


def test_a_message_that_would_expire_before_its_next_try_is_closed(session):
    ask(session, expires_at=clock.now() + timedelta(seconds=30))
    outcomes.mark_failed(session, [Failure(claim_one(session), "unreachable")])
    assert message_row(session).status == "expired"


def test_the_facts_of_old_finished_messages_are_forgotten_and_the_fact_of_sending_kept(session):
    now = clock.now()
    ask(session, subject="old", due_at=now - timedelta(days=8))
    outcomes.mark_sent(session, [claim_one(session)])
    ask(session, subject="recent")
    ask(session, subject="waiting", due_at=now - timedelta(days=9))

    before = {"due_before": now - timedelta(days=7), "inbox_before": now - timedelta(days=180)}
    assert service.forget_facts(session, **before, limit=10) == 1
    assert service.forget_facts(session, **before, limit=10) == 0
    blank = session.execute(text("SELECT subject FROM message WHERE facts_cipher = ''::bytea"))
    assert blank.scalars().all() == ["old"]


def test_the_backlog_says_how_much_is_due_and_since_when(session):
    now = clock.now()
    ask(session, due_at=now - timedelta(minutes=3))
    ask(session, due_at=now + timedelta(minutes=3))
    backlog = get_backlog(session, now=now)
    assert (backlog.overdue, backlog.oldest_due_at) == (1, now - timedelta(minutes=3))
