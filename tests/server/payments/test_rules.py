"""What a notice is worth, how much goes back by which payment, how two lists differ."""

from datetime import UTC, datetime, timedelta

import pytest

from server.payments import rules
from server.payments.models import Payment, Verdict
from server.payments.providing import Outcome, Standing

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)


def a_payment(**given):
    values = {"number": "T1", "amount_fen": 5000, "state": "waiting", "transaction_number": ""}
    return Payment(**values | given)


def told(**given):
    values = {"number": "T1", "outcome": Outcome.PAID, "amount_fen": 5000}
    return Standing(**values | {"transaction_number": "S1"} | given)


@pytest.mark.parametrize(
    ("payment", "standing", "verdict"),
    [
        pytest.param(a_payment(), told(), Verdict.TAKEN, id="paid"),
        pytest.param(None, told(), Verdict.UNKNOWN, id="nobody asked for it"),
        pytest.param(a_payment(), told(amount_fen=4999), Verdict.WRONG_AMOUNT, id="a fen less"),
        pytest.param(a_payment(), told(number="T2"), Verdict.UNKNOWN, id="another number"),
        pytest.param(
            a_payment(state="paid", transaction_number="S1"), told(), Verdict.KNOWN, id="again"
        ),
        pytest.param(
            a_payment(state="paid", transaction_number="S0"),
            told(),
            Verdict.OTHER_PAYMENT,
            id="paid twice",
        ),
        pytest.param(a_payment(), told(outcome=Outcome.WAITING), Verdict.KNOWN, id="not yet"),
        pytest.param(a_payment(), told(outcome=Outcome.REFUSED), Verdict.TAKEN, id="refused"),
    ],
)
def test_a_notice_is_judged_by_what_was_asked_for(payment, standing, verdict):
    assert rules.judge(payment, standing) is verdict


@pytest.mark.parametrize(("minutes", "is_fresh"), [(0, True), (5, True), (6, False), (-6, False)])
def test_a_notice_is_fresh_for_five_minutes_by_either_clock(minutes, is_fresh):
    assert rules.is_fresh(NOON, now=NOON + timedelta(minutes=minutes)) is is_fresh


@pytest.mark.parametrize(
    ("left", "amount", "given"),
    [([3000, 5000], 4000, [3000, 1000]), ([5000], 9000, [5000]), ([5000, 5000], 100, [100, 0])],
)
def test_money_goes_back_by_the_latest_first(left, amount, given):
    assert rules.shares(left, amount) == given


def test_lists_differ_by_number_and_amount():
    differing = rules.differences({"A": 1, "B": 2, "R": -1}, {"A": 1, "B": 3, "C": 4, "D": -2})

    assert [one["number"] for one in differing] == ["B", "C", "D", "R"]
    assert rules.missed(differing) == ["C"]
