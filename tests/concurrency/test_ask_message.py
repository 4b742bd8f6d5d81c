"""Many ask for one message at once, and many call one person: each counts once."""

from datetime import timedelta

import pytest

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.notifications.calling import note_call
from server.notifications.models import CallOutcome, Channel
from server.notifications.service import Asked, ask_for_messages
from tests.concurrency.racing import as_owner, look, race
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

MANY = 24
PHONE = "+8613800005555"
# The same function, which trusts that nobody asks twice.
TRUSTING = """
    DO $$ BEGIN
        EXECUTE (SELECT replace(pg_get_functiondef(p.oid),
                                'ON CONFLICT ON CONSTRAINT uq_message_once DO NOTHING', '')
                   FROM pg_proc p
                  WHERE p.proname = 'put_message' AND p.pronargs = 16
                    AND p.pronamespace = 'city_1405'::regnamespace);
    END $$
"""
WITHOUT_THE_KEY = "ALTER TABLE message DROP CONSTRAINT uq_message_once"


@pytest.fixture
def due_at(settle):
    settle(lambda session: make_account(session, make_resident(session), phone=PHONE).id)
    return clock.now() - timedelta(seconds=1)


@sessions.in_transaction
def ask(due_at, *, session):
    facts = {"time": "11-23 09:00"}
    asked = Asked(PHONE, "zh-CN", Channel.SMS, "care_order.cancelled", "order:1", facts, due_at)
    return ask_for_messages(session, [asked])


def test_twice_asked_is_there_once(own_city, due_at):
    outcomes = race([due_at] * MANY, ask)
    assert outcomes == {1: 1, 0: MANY - 1}
    assert look(own_city, "SELECT count(*) FROM message") == [(1,)]


def test_without_the_key_it_would_be_there_more_than_once(own_city, due_at):
    as_owner(own_city, TRUSTING, WITHOUT_THE_KEY)
    race([due_at] * MANY, ask)
    assert look(own_city, "SELECT count(*) > 1 FROM message") == [(True,)]


def test_somebody_is_noted_as_reached_once(own_city, settle, due_at):
    ask(due_at)

    def make(session):
        worker = make_staff(session, "community_worker", division_code="1405")
        return make_sign_in(session, staff=worker)

    token = settle(make)
    as_owner(own_city, "UPDATE message SET status = 'calling', channel = 'call'")
    ((message_id,),) = look(own_city, "SELECT id FROM message")

    @sessions.in_transaction
    def reach(_, *, session):
        note_call(session, message_id, CallOutcome.REACHED)
        return "noted"

    with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
        outcomes = race(range(MANY), reach)
    assert outcomes == {"noted": 1, "CallIsOver": MANY - 1}
    assert look(own_city, "SELECT count(*) FROM message_call") == [(1,)]
