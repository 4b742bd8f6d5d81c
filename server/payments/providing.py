"""The port behind which every provider stands, and the provider that this process was given.

What it carries is what WeChat Pay (v3) and Alipay have in common: our number of the order
(`out_trade_no`) and of the refund (`out_refund_no`), theirs of the transaction, an address at which
they tell, an instant at which the order ends, closing, asking, and a statement for each day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from server.payments.models import ProviderName


class ProviderUnreachable(Exception):
    """The provider gave no answer, or none that can be read: what it did is not known."""


class NotTheirs(Exception):
    """The notice was not signed by the provider."""


class Outcome(StrEnum):
    """Where an order or a refund stands with the provider."""

    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # the provider has no such number


@dataclass(frozen=True)
class Order:
    """An order to be placed; nothing in it says who pays or eats."""

    number: str
    amount_fen: int
    expires_at: datetime
    return_path: str


@dataclass(frozen=True)
class RefundOrder:
    """Part of an order to be given back; the same number is given back once."""

    number: str
    order_number: str
    amount_fen: int


@dataclass(frozen=True)
class Standing:
    """What the provider says of a number, asked or told."""

    number: str
    outcome: Outcome
    amount_fen: int = 0
    transaction_number: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What the provider tells by itself: signed at an instant, with a nonce it uses once."""

    nonce: str
    signed_at: datetime
    standing: Standing


@dataclass(frozen=True)
class StatementLine:
    """A line of a day's statement; below nought it was given back, under the refund's number."""

    number: str
    amount_fen: int
    transaction_number: str


class Provider(Protocol):
    """Moves money. Each call may raise `ProviderUnreachable`, and may be made again."""

    name: ProviderName
    signed_headers: Sequence[str]

    def place(self, order: Order) -> str:
        """Return the address at which the payer pays."""

    def ask(self, number: str) -> Standing:
        """Return where an order stands."""

    def close(self, number: str) -> Standing:
        """Let nobody pay an order any more, and return where it stands then."""

    def refund(self, order: RefundOrder) -> Standing:
        """Give money back; `paid` when it is on its way, `refused` when it never will be."""

    def statement(self, day: date) -> Sequence[StatementLine]:
        """Return what was paid and given back on a day of the city."""

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Return what a notice says; raises `NotTheirs`."""


_held: list[Provider] = []


def hold(provider: Provider | None) -> None:
    """Give this process its provider, or none, at its start."""
    _held[:] = [] if provider is None else [provider]


def present_provider() -> Provider | None:
    """Return the provider by which payments are made at present; None where there is none."""
    return _held[0] if _held else None


def provider_named(name: str) -> Provider | None:
    """Return the provider of that name, if it is held."""
    return next((one for one in _held if one.name == name), None)
