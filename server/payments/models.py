"""A payment by a provider, what was given back of it, and every notice that told of it.

Neither knows what the money is for: whoever asked hears of it by an event.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to, sealed, structured


class ProviderName(StrEnum):
    """Who moves the money; WeChat Pay and Alipay join here with their adapters."""

    SANDBOX = "sandbox"


class Purpose(StrEnum):
    """What the money is for; its context hears `PaymentSettled`."""

    WALLET_TOP_UP = "wallet_top_up"  # 餐费充值


class PaymentState(StrEnum):
    OPENED = "opened"  # wished for; the provider may not know it yet
    WAITING = "waiting"  # the provider waits for the payer
    PAID = "paid"
    REFUSED = "refused"
    EXPIRED = "expired"
    RETURNED = "returned"  # paid, and of no use by then: given back whole


class RefundState(StrEnum):
    ASKED = "asked"
    DONE = "done"
    FAILED = "failed"


class Verdict(StrEnum):
    """What a notice was worth."""

    TAKEN = "taken"
    KNOWN = "known"  # true, and nothing new
    FORGED = "forged"
    STALE = "stale"
    REPLAYED = "replayed"
    UNKNOWN = "unknown"  # of a payment that nobody asked for
    WRONG_AMOUNT = "wrong_amount"
    OTHER_PAYMENT = "other_payment"  # its transaction has paid for another one


class Payment(Table, table=True):
    """支付单: an amount that somebody wished to pay for a resident at a site, once."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(
            "uq_payment_transaction",
            "provider",
            "transaction_number",
            unique=True,
            postgresql_where=text("transaction_number <> ''"),
        ),
        CheckConstraint("amount_fen > 0", name="amount_is_one"),
        CheckConstraint("number ~ '^[0-9A-Z]{6,32}$'", name="number_is_plain"),
        CheckConstraint("expires_at > asked_at", name="expires_afterwards"),
        CheckConstraint(
            "(state IN ('paid', 'returned')) = (paid_at IS NOT NULL)"
            " AND (paid_at IS NULL) = (transaction_number = '')",
            name="paid_by_a_transaction",
        ),
        CheckConstraint("refunded_fen BETWEEN 0 AND amount_fen", name="refunded_within_amount"),
        Index(
            "ix_payment_unfinished",
            "asked_at",
            postgresql_where=text("state IN ('opened', 'waiting')"),
        ),
        Index("ix_payment_paid_at", "provider", "paid_at"),
        Index("ix_payment_resident_id", "resident_id", "id"),
        Index("ix_payment_site_id", "site_id", "id"),
    )

    id: int | None = key()
    number: str = Field(max_length=32, description="商户订单号 (out_trade_no), ours.")
    purpose: Purpose = chosen_from(Purpose)
    provider: ProviderName = chosen_from(ProviderName)
    site_id: int = refers_to("site.id")
    resident_id: int = refers_to("resident.id")
    amount_fen: int = fen()
    state: PaymentState = chosen_from(PaymentState, default=PaymentState.OPENED)
    pay_url: str = Field(default="", max_length=500, description="Where the payer pays.")
    asked_by: int | None = refers_to("account.id", optional=True)
    asked_at: datetime = instant()
    expires_at: datetime = instant()
    transaction_number: str = Field(default="", max_length=64, description="The provider's own.")
    paid_at: datetime | None = instant(optional=True, description="As the provider tells.")
    refunded_fen: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Counted by the database with each refund that did not fail.",
    )
    closed_for: str = Field(default="", max_length=40, description="Why it came to nothing.")


class PaymentRefund(Table, table=True):
    """退款单: part of a payment on its way back to whoever paid."""

    __tablename__ = "payment_refund"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("amount_fen > 0", name="amount_is_one"),
        CheckConstraint("number ~ '^[0-9A-Z]{6,32}$'", name="number_is_plain"),
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended_at_a_time"),
        Index("ix_payment_refund_payment_id", "payment_id"),
        Index("ix_payment_refund_unfinished", "asked_at", postgresql_where=text("state = 'asked'")),
    )

    id: int | None = key()
    number: str = Field(max_length=32, description="商户退款单号 (out_refund_no), ours.")
    payment_id: int = refers_to("payment.id")
    amount_fen: int = fen()
    state: RefundState = chosen_from(RefundState, default=RefundState.ASKED)
    cause: str = Field(max_length=80, description="What its owner knows it by.")
    asked_by: int | None = refers_to("staff.id", optional=True)
    asked_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)
    provider_number: str = Field(default="", max_length=64)


class PaymentNotice(Table, table=True):
    """支付通知 as it came, and what it was worth: the evidence."""

    __tablename__ = "payment_notice"
    __table_args__ = (
        Index(
            "uq_payment_notice_nonce",
            "provider",
            "nonce",
            unique=True,
            postgresql_where=text("nonce <> ''"),
        ),
        UniqueConstraint("provider", "digest"),
        CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("times >= 1", name="came_once"),
        Index("ix_payment_notice_payment_id", "payment_id"),
        Index("ix_payment_notice_received_at", "received_at"),
    )

    id: int | None = key()
    provider: ProviderName = chosen_from(ProviderName)
    payment_id: int | None = refers_to("payment.id", optional=True)
    verdict: Verdict = chosen_from(Verdict)
    nonce: str = Field(default="", max_length=64, description="Of a notice that is truly theirs.")
    digest: bytes = sealed(description="SHA-256 of the notice with its headers.")
    body: str = Field(default="", max_length=1000)
    received_at: datetime = instant()
    times: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class PaymentDay(Table, table=True):
    """对账: what the provider's statement of a day says, held beside what is written here."""

    __tablename__ = "payment_day"
    __table_args__ = (
        UniqueConstraint("provider", "day", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
    )

    id: int | None = key()
    provider: ProviderName = chosen_from(ProviderName)
    day: date
    number: int = Field(description="Rises with each time the day is compared; the last stands.")
    our_count: int
    our_fen: int = fen()
    their_count: int
    their_fen: int = fen()
    differences: list[dict[str, Any]] = structured(
        default_factory=list, description="One for each number that differs."
    )
    compared_at: datetime = instant()
