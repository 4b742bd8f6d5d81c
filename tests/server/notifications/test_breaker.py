"""A provider in trouble is spared, and tried again by one worker with one message."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.notifications import breaker
from server.notifications.breaker import FAILURES_TO_REST, FIRST_REST, LONGEST_REST, Tally
from server.notifications.models import Channel

SMS = Channel.SMS


def note(session, **tally):
    breaker.note(session, {SMS: Tally(**tally)})


def openings(session):
    return breaker.get_openings(session, now=clock.now())


def rest_is_over(session):
    session.execute(text("UPDATE channel_state SET resting_until = :at"),
                    {"at": clock.now() - timedelta(seconds=1)})  # fmt: skip
    session.expire_all()


def test_a_few_failures_stop_nothing(session):
    note(session, troubles=FAILURES_TO_REST - 1, reason="http-503")
    assert SMS in openings(session).whole


def test_many_in_a_row_let_the_channel_rest_and_the_others_go_on(session):
    note(session, troubles=FAILURES_TO_REST - 1)
    note(session, troubles=1)
    found = openings(session)
    assert SMS not in found.whole
    assert found.to_probe == []
    assert Channel.PUSH in found.whole


def test_one_worker_tries_one_message_after_the_rest(session):
    note(session, troubles=FAILURES_TO_REST)
    rest_is_over(session)
    assert openings(session).to_probe == [SMS]
    assert breaker.try_probe(session, SMS) is True
    assert breaker.try_probe(session, SMS) is False


def test_a_success_ends_the_rest(session):
    note(session, troubles=FAILURES_TO_REST)
    rest_is_over(session)
    breaker.try_probe(session, SMS)
    session.expire_all()
    note(session, successes=1)
    assert SMS in openings(session).whole


def test_each_rest_is_longer_up_to_a_bound(session):
    note(session, troubles=FAILURES_TO_REST)
    (first,) = breaker.list_states(session)
    assert first.resting_until <= clock.now() + FIRST_REST
    rest_is_over(session)
    note(session, troubles=1)
    (second,) = breaker.list_states(session)
    assert second.resting_until > clock.now() + FIRST_REST
    assert breaker.next_rest(100) == LONGEST_REST


@pytest.mark.parametrize(
    "tally", [{"not_let_in": True}, {"pause": timedelta(minutes=2)}], ids=["refused", "asked"]
)
def test_a_provider_that_lets_nobody_in_or_asks_for_a_pause_gets_it_at_once(session, tally):
    note(session, troubles=1, **tally)
    assert SMS not in openings(session).whole


def test_a_fault_of_one_message_among_successes_is_no_row_of_failures(session):
    for _ in range(FAILURES_TO_REST):
        note(session, successes=1, troubles=1)
    assert SMS in openings(session).whole
