"""What payments announce to whoever asked for them."""

from dataclasses import dataclass

from server.payments.models import Purpose


@dataclass(frozen=True)
class PaymentSettled:
    """The money is there. A handler that refuses lets it be given back whole."""

    payment_id: int
    purpose: Purpose
    site_id: int
    resident_id: int
    amount_fen: int


@dataclass(frozen=True)
class RefundFailed:
    """The provider will not give the money back: it is with the city again."""

    refund_id: int
    cause: str
    amount_fen: int
