"""A day is held beside the provider's statement; what was never told is found."""

from datetime import timedelta
from threading import Event

import pytest
import time_machine

from scheduler import payments as jobs
from scheduler.runs import Ending, Run
from server import clock
from server.payments.models import PaymentState
from server.payments.providing import ProviderUnreachable, StatementLine
from server.payments.queries import list_days
from server.payments.reconciling import compare_day, list_missed
from server.payments.service import take_standing
from tests.factories.payments import make_payment, paid, place


def test_a_payment_nobody_told_of_is_found_and_settled(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen)
    sandbox.press(place(sandbox, payment), "silent")
    today, name = clock.today(), sandbox.provider.name
    lines = [one for one in sandbox.provider.statement(today) if one.number == payment.number]

    [missed] = list_missed(session, name, today, lines)
    take_standing(session, sandbox.provider.ask(missed))

    assert payment.state is PaymentState.PAID
    assert compare_day(session, name, today, lines).differences == []


def test_differences_stay_written_and_the_last_comparison_is_shown(
    session, sandbox, elder, canteen
):
    payment = make_payment(session, elder, canteen)
    take_standing(session, paid(payment))
    today, name = clock.today(), sandbox.provider.name

    compare_day(session, name, today, [])
    compare_day(session, name, today, [StatementLine(payment.number, 4000, "S")])

    [day] = list_days(session, at_most=5)
    assert (day.number, day.our_fen, day.their_fen) == (2, 5000, 4000)
    assert day.differences == [{"number": payment.number, "our_fen": 5000, "their_fen": 4000}]


def test_what_was_paid_twice_under_one_number_is_seen(session, sandbox, elder, canteen):
    payment = make_payment(session, elder, canteen)
    take_standing(session, paid(payment))
    lines = [StatementLine(payment.number, 5000, one) for one in ("S1", "S2")]

    compared = compare_day(session, sandbox.provider.name, clock.today(), lines)

    assert (compared.our_fen, compared.their_fen) == (5000, 10_000)
    assert compared.differences == [
        {"number": payment.number, "our_fen": 5000, "their_fen": 10_000}
    ]


def test_the_timetable_asks_of_what_it_heard_nothing_of(session, sandbox, elder, canteen):
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        quiet, over, forgotten = (make_payment(session, elder, canteen) for _ in range(3))
        sandbox.press(place(sandbox, quiet), "silent")
        place(sandbox, over)
    session.commit()

    assert jobs.follow_payments(None) == 3
    assert jobs.follow_payments(None) == 0

    for one in (quiet, over, forgotten):
        session.refresh(one)
    assert [quiet.state, over.state, forgotten.state] == ["paid", "expired", "expired"]


def test_an_order_the_provider_cannot_answer_for_holds_up_no_other(
    session, sandbox, elder, canteen, monkeypatch
):
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        stuck, quiet = (make_payment(session, elder, canteen) for _ in range(2))
        sandbox.press(place(sandbox, quiet), "silent")
    session.commit()
    close = sandbox.provider.close

    def close_what_it_can(number):
        if number == stuck.number:
            raise ProviderUnreachable("http-500")
        return close(number)

    monkeypatch.setattr(sandbox.provider, "close", close_what_it_can)

    assert jobs.follow_payments(None) == 1

    session.refresh(quiet)
    assert quiet.state is PaymentState.PAID


def test_a_comparison_that_is_put_down_says_so(sandbox, session):
    ending = Event()
    ending.set()

    with pytest.raises(Ending):
        jobs.compare_payments(Run("compare_payments", clock.now(), ending))
