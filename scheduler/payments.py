"""What moves by itself in payments: providers are asked, refunds sent, days compared."""

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from scheduler.runs import Ending, Run
from server import clock
from server.db.sessions import transaction
from server.payments import queries
from server.payments.models import Verdict
from server.payments.providing import (
    Outcome,
    Provider,
    ProviderUnreachable,
    RefundOrder,
    present_provider,
)
from server.payments.reconciling import compare_day, list_missed
from server.payments.refunding import take_refund_standing
from server.payments.service import expire, take_standing
from server.timetable.errors import RunTakenOver

log = logging.getLogger(__name__)
AT_ONCE = 100
HEARD_WITHIN = timedelta(seconds=45)
DAYS_BACK = 3
UNANSWERED_AT_MOST = 3


def follow_payments(_run: Run) -> int:
    """Ask the provider of payments nothing was heard of, let them lapse, and send refunds."""
    provider = present_provider()
    if provider is None:
        return 0
    with transaction(writes=False) as session:
        before = clock.now() - HEARD_WITHIN
        waiting = queries.list_unfinished(session, asked_before=before, limit=AT_ONCE)
        refunds = queries.list_refunds_to_send(session, limit=AT_ONCE)
    asked = sum(_one_by_one(provider, waiting, _follow))
    return asked + sum(_one_by_one(provider, refunds, _send_back))


def compare_payments(run: Run) -> int:
    """Hold the statements of the last days beside what is written here; ask of what was missed."""
    provider = present_provider()
    if provider is None:
        return 0
    days = [clock.today() - timedelta(days=back) for back in range(1, DAYS_BACK + 1)]
    return sum(_one_by_one(provider, days, lambda held, day: _compare(run, held, day)))


def _follow(provider: Provider, payment: Row[Any]) -> int:
    is_over = clock.now() >= payment.expires_at
    standing = provider.close(payment.number) if is_over else provider.ask(payment.number)
    with transaction() as session:
        verdict = take_standing(session, standing)
        never_placed = standing.outcome is Outcome.UNKNOWN and is_over
        if never_placed:
            return int(expire(session, payment.id, why="never-placed"))
        return int(verdict is Verdict.TAKEN)


def _send_back(provider: Provider, refund: Row[Any]) -> int:
    told = RefundOrder(refund.number, refund.order_number, refund.amount_fen)
    standing = provider.refund(told)
    with transaction() as session:
        return int(take_refund_standing(session, refund.id, standing))


def _compare(run: Run, provider: Provider, day: date) -> int:
    lines = provider.statement(day)
    with transaction(writes=False) as session:
        missed = list_missed(session, provider.name, day, lines)
    for number in missed:
        standing = provider.ask(number)
        with run.step() as session:
            take_standing(session, standing)
    with run.step() as session:
        return len(compare_day(session, provider.name, day, lines).differences)


def _one_by_one(provider: Provider, things: Sequence[Any], do: Any) -> list[int]:
    """One that fails stops no other; a provider that does not answer is asked at the next slot.

    It may know no answer about one order alone: only a few without an answer say that it is away.
    """
    done = []
    unanswered = 0
    for thing in things:
        try:
            done.append(do(provider, thing))
        except ProviderUnreachable as error:
            log.warning("the payment provider does not answer", extra={"why": str(error)})
            unanswered += 1
            if unanswered == UNANSWERED_AT_MOST:
                break
        except (Ending, RunTakenOver):
            raise
        except Exception:
            log.exception("a payment could not be followed")
    return done
