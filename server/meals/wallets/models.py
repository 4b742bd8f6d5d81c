"""A wallet is one elder's money at one canteen. The ledger says what is in it, line by line.

The balance is kept by the database with each entry of the ledger, and is never below nought.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from server.db.tables import Table, chosen_from, different_people, fen, instant, key, refers_to

WalletId = NewType("WalletId", int)
WalletEntryId = NewType("WalletEntryId", int)


class WalletMove(StrEnum):
    """What moved the money."""

    TOP_UP = "top_up"  # 充值
    MEAL = "meal"  # 餐费
    REFUND = "refund"  # 退款
    REVERSAL = "reversal"  # 冲正


class Via(StrEnum):
    """Where the money came from, or went to."""

    CASH = "cash"  # 现金
    PROVIDER = "provider"  # 手机支付
    BALANCE = "balance"  # 餐费, 不动现金


class RequestKind(StrEnum):
    REFUND = "refund"  # 申请退款
    REVERSAL = "reversal"  # 申请冲正


class RequestState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Wallet(Table, table=True):
    """钱包 of a resident at a canteen."""

    __tablename__ = "wallet"
    __table_args__ = (
        UniqueConstraint("site_id", "resident_id"),
        UniqueConstraint("id", "site_id", name="uq_wallet_of_a_site"),
        CheckConstraint("balance_fen >= 0", name="never_below_nought"),
        Index("ix_wallet_resident_id", "resident_id"),
    )

    id: int | None = key()
    site_id: int = refers_to("canteen.site_id")
    resident_id: int = refers_to("resident.id")
    balance_fen: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Kept by the database with each entry of the ledger.",
    )
    opened_at: datetime = instant()


class WalletEntry(Table, table=True):
    """A line of a wallet's statement; above nought it raised the balance. Never changed."""

    __tablename__ = "wallet_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wallet_id", "site_id"],
            ["wallet.id", "wallet.site_id"],
            name="fk_wallet_entry_wallet",
        ),
        UniqueConstraint("posting_id"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("amount_fen <> 0", name="amount_is_one"),
        CheckConstraint("balance_fen >= 0", name="balance_not_negative"),
        CheckConstraint(
            "(move = 'meal') <= (booking_id IS NOT NULL)", name="meal_names_its_booking"
        ),
        CheckConstraint(
            "(move = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names_its_entry"
        ),
        CheckConstraint(
            "CASE move WHEN 'top_up' THEN amount_fen > 0 WHEN 'reversal' THEN true"
            " ELSE amount_fen < 0 END",
            name="amount_fits_its_move",
        ),
        Index(
            "uq_wallet_entry_meal",
            "booking_id",
            "turn",
            unique=True,
            postgresql_where=text("move = 'meal'"),
        ),
        Index("ix_wallet_entry_wallet_id", "wallet_id", "id"),
        Index("ix_wallet_entry_resident_id", "resident_id"),
        Index("ix_wallet_entry_site_id", "site_id", "made_on"),
    )

    id: int | None = key()
    wallet_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    site_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int = refers_to("resident.id")
    move: WalletMove = chosen_from(WalletMove)
    via: Via = chosen_from(Via)
    amount_fen: int = fen()
    balance_fen: int = fen(description="What was in the wallet afterwards.")
    booking_id: int | None = refers_to("booking.id", optional=True)
    turn: int = Field(
        default=1,
        sa_column_kwargs={"server_default": "1"},
        description="Which charge of the meal it is: one taken back may be handed out again.",
    )
    reverses_id: int | None = refers_to("wallet_entry.id", optional=True)
    posting_id: int = refers_to("ledger_posting.id")
    made_by: int | None = refers_to("staff.id", optional=True)
    made_on: date
    made_at: datetime = instant()
    note: str = Field(default="", max_length=200)


class WalletRequest(Table, table=True):
    """Somebody asks for money back, or that an entry be taken back; another decides."""

    __tablename__ = "wallet_request"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wallet_id", "site_id"],
            ["wallet.id", "wallet.site_id"],
            name="fk_wallet_request_wallet",
        ),
        different_people("asked_by", "decided_by", name="not_decided_by_who_asked"),
        CheckConstraint(
            "(kind = 'reversal') = (entry_id IS NOT NULL)", name="reversal_names_its_entry"
        ),
        CheckConstraint("kind = 'refund' OR reason <> ''", name="reversed_for_a_reason"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint("state <> 'refused' OR note <> ''", name="refused_for_a_reason"),
        CheckConstraint(
            "kind = 'refund' OR state NOT IN ('done', 'refused')"
            " OR (asked_by IS NOT NULL AND decided_by IS NOT NULL)",
            name="reversed_by_two_people",
        ),
        Index(
            "uq_wallet_request_one_refund",
            "wallet_id",
            unique=True,
            postgresql_where=text("state = 'open' AND kind = 'refund'"),
        ),
        Index(
            "uq_wallet_request_one_reversal",
            "entry_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_wallet_request_wallet_id", "wallet_id"),
        Index("ix_wallet_request_resident_id", "resident_id"),
        Index("ix_wallet_request_site_id", "site_id", "state"),
    )

    id: int | None = key()
    wallet_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    site_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int = refers_to("resident.id")
    kind: RequestKind = chosen_from(RequestKind)
    state: RequestState = chosen_from(RequestState, default=RequestState.OPEN)
    entry_id: int | None = refers_to("wallet_entry.id", optional=True)
    reason: str = Field(default="", max_length=200)
    asked_by: int | None = refers_to("staff.id", optional=True)
    asked_at: datetime = instant()
    decided_by: int | None = refers_to("staff.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    note: str = Field(default="", max_length=200)


class CashCount(Table, table=True):
    """日清日结: what was in the drawer of a canteen at the end of a day, counted by somebody.

    A day may be counted again; the last count stands, the earlier ones stay to be read.
    """

    __tablename__ = "cash_count"
    __table_args__ = (
        UniqueConstraint("site_id", "day", "number"),
        CheckConstraint("counted_fen >= 0", name="counted_not_negative"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("counted_fen = expected_fen OR note <> ''", name="difference_is_explained"),
    )

    id: int | None = key()
    site_id: int = refers_to("canteen.site_id")
    day: date
    number: int = Field(description="Rises with each count of the day.")
    expected_fen: int = fen(description="What should have been there, after the entries.")
    counted_fen: int = fen()
    note: str = Field(default="", max_length=200)
    counted_by: int = refers_to("staff.id")
    counted_at: datetime = instant()
