"""The answer of a change, kept under its key for a day."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from server import clock
from server.idempotency.errors import IdempotencyKeyReused
from server.idempotency.service import Answer, find_answer, keep_answer

ANSWER = Answer(201, '{"name": "李秀英 👵"}')


def keep(session, key="k", request=b"one", answer=ANSWER):
    keep_answer(session, key=key, operation="tests", request=request, answer=answer)


def test_it_is_found_as_it_was(session):
    keep(session)

    assert find_answer(session, key="k", request=b"one") == ANSWER
    assert find_answer(session, key="another", request=b"one") is None


def test_another_request_under_the_key_is_refused(session):
    keep(session)

    with pytest.raises(IdempotencyKeyReused):
        find_answer(session, key="k", request=b"two")


def test_a_twin_breaks_the_key(session):
    keep(session)

    with pytest.raises(IntegrityError, match="pk_idempotency_key"):
        keep(session)


def test_after_a_day_it_is_gone_and_makes_room(session):
    keep(session)
    later = clock.now() + timedelta(days=1, seconds=1)

    with time_machine.travel(later, tick=False):
        assert find_answer(session, key="k", request=b"two") is None
        keep(session, request=b"two", answer=Answer(200, ""))
        assert find_answer(session, key="k", request=b"two") == Answer(200, "")


def test_an_old_answer_under_another_key_stays(session):
    keep(session, key="other")

    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        keep(session)
    assert find_answer(session, key="other", request=b"one") == ANSWER
