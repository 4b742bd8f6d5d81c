"""A payment goes on and never back; the table in the database is the same."""

import re
from pathlib import Path

import pytest

from server.payments.models import PaymentState
from server.payments.steps import TABLE, Step, may_take

SQL = Path("server/migrations/sql/0044_payments.sql")


@pytest.mark.parametrize("state", [PaymentState.PAID, PaymentState.RETURNED])
def test_what_was_paid_is_neither_refused_nor_expired(state):
    assert not any(may_take(step, state) for step in (Step.PAY, Step.REFUSE, Step.EXPIRE))


@pytest.mark.parametrize("state", [PaymentState.REFUSED, PaymentState.EXPIRED])
def test_money_that_comes_late_has_come(state):
    assert may_take(Step.PAY, state)


def test_the_database_knows_the_same_steps():
    pairs = {(before, move.after) for move in TABLE for before in move.before}

    written = set(re.findall(r"\('(\w+)', '(\w+)'\)", SQL.read_text()))

    assert written == pairs
