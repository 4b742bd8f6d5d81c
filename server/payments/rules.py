"""What a payment may be, and how two lists of a day differ, as plain functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from server.payments.models import Payment, PaymentState, Verdict
from server.payments.providing import Outcome, Standing

# A notice is signed at an instant and sent at once (WeChat Pay v3 asks for the same five minutes).
NOTICE_IS_FRESH_FOR = timedelta(minutes=5)
REFUNDABLE_FOR = timedelta(days=365)


def is_fresh(signed_at: datetime, *, now: datetime) -> bool:
    """True for a notice that was signed a moment ago by either clock."""
    return abs(now - signed_at) <= NOTICE_IS_FRESH_FOR


def judge(payment: Payment | None, standing: Standing) -> Verdict:
    """Return what the provider's word is worth beside what is written here."""
    if payment is None or payment.number != standing.number:
        return Verdict.UNKNOWN
    if standing.outcome in (Outcome.WAITING, Outcome.UNKNOWN):
        return Verdict.KNOWN
    if standing.outcome is not Outcome.PAID:
        return Verdict.TAKEN
    if standing.amount_fen != payment.amount_fen:
        return Verdict.WRONG_AMOUNT
    if payment.state in (PaymentState.PAID, PaymentState.RETURNED):
        is_the_same = payment.transaction_number == standing.transaction_number
        return Verdict.KNOWN if is_the_same else Verdict.OTHER_PAYMENT
    return Verdict.TAKEN


def shares(left: Sequence[int], amount_fen: int) -> list[int]:
    """Return how much of an amount goes back by each payment, in their order, as far as they go."""
    given = []
    for fen in left:
        given.append(min(fen, amount_fen))
        amount_fen -= given[-1]
    return given


def differences(ours: Mapping[str, int], theirs: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return each number with different amounts here and there; None where it is not at all."""
    return [
        {"number": number, "our_fen": ours.get(number), "their_fen": theirs.get(number)}
        for number in sorted({*ours, *theirs})
        if ours.get(number) != theirs.get(number)
    ]


def missed(differing: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the numbers that the provider was paid for and nobody told us of."""
    return [
        str(one["number"])
        for one in differing
        if one["our_fen"] is None and (one["their_fen"] or 0) > 0
    ]
