"""Numbers of ours that a provider is told: 23 signs that nobody guesses."""

from secrets import token_hex

from server import clock


def of_a_payment() -> str:
    """Return a new 商户订单号."""
    return _new("T")


def of_a_refund() -> str:
    """Return a new 商户退款单号."""
    return _new("R")


def _new(letter: str) -> str:
    return f"{letter}{clock.today():%y%m%d}{token_hex(8).upper()}"
