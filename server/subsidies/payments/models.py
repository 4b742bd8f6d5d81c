"""Batches, their payments and the lines in them; accounts of sites; files to and from the bank."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    instant,
    key,
    refers_to,
    sealed,
)
from server.policies.programmes.terms import Beneficiary
from server.subsidies.budgets.models import ChangeState, counted

SITE_ACCOUNT_FIELD = "subsidy_site_account.account"
FILE_FIELD = "subsidy_bank_file.content"
RETURN_FIELD = "subsidy_bank_return.content"


class BatchState(StrEnum):
    DRAFT = "draft"  # 待复核
    CHECKED = "checked"  # 已复核
    SENT = "sent"  # 已送银行
    RETURNED = "returned"  # 部分回盘
    RECONCILED = "reconciled"  # 已对账
    CANCELLED = "cancelled"  # 已取消


class PaymentState(StrEnum):
    OPEN = "open"  # 待回盘
    PAID = "paid"  # 已到账
    FAILED = "failed"  # 发放失败
    CANCELLED = "cancelled"  # 已取消


class SubsidySiteAccount(Table, table=True):
    """机构收款账户: told by one person and confirmed by another; the latest from a day counts."""

    __tablename__ = "subsidy_site_account"
    __table_args__ = (
        CheckConstraint("last_four ~ '^[0-9]{4}$'", name="last_four_are_digits"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_is_whole"),
        different_people("asked_by", "decided_by", name="not_decided_by_its_asker"),
        Index(
            "uq_subsidy_site_account_waits",
            "site_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id", index=True)
    bank: str = Field(min_length=1, max_length=60)
    account_cipher: bytes = sealed()
    account_digest: bytes = sealed()
    last_four: str = Field(max_length=4)
    holder_name: str = Field(min_length=1, max_length=60)
    starts_on: date
    state: ChangeState = chosen_from(ChangeState)
    asked_at: datetime = instant()
    asked_by: int | None = refers_to("staff.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)


class SubsidyBatch(Table, table=True):
    """发放批次: payments of one budget. What was paid and failed of it the database counts.

    `digest` is over its payments and their lines, set once by the database; the approver's check
    and every later step find it the same.
    """

    __tablename__ = "subsidy_batch"
    __table_args__ = (
        CheckConstraint("payments > 0 AND total_fen >= 0", name="is_something"),
        CheckConstraint("gross_fen = total_fen + netted_fen", name="sums_agree"),
        CheckConstraint(
            "paid_fen >= 0 AND failed_fen >= 0 AND paid_fen + failed_fen <= total_fen",
            name="paid_and_failed_within",
        ),
        CheckConstraint(
            "state IN ('draft', 'cancelled') OR checked_at IS NOT NULL", name="checked_first"
        ),
        CheckConstraint(
            "(state IN ('sent', 'returned', 'reconciled')) = (sent_at IS NOT NULL)",
            name="sent_is_whole",
        ),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_is_whole"
        ),
        CheckConstraint("state <> 'cancelled' OR words <> ''", name="cancelled_with_words"),
        CheckConstraint(
            "(statement_fen IS NULL) = (reconciled_at IS NULL)", name="reconciled_is_whole"
        ),
        different_people("made_by", "checked_by", name="not_checked_by_its_maker"),
        different_people("sent_by", "checked_by", name="not_sent_by_its_checker"),
        Index("ix_subsidy_batch_state", "state", "made_at"),
    )

    id: int | None = key()
    budget_id: int = refers_to("subsidy_budget.id", index=True)
    division_code: str = Field(max_length=12)
    accounts_on: date = Field(description="The day on which accounts were looked up.")
    state: BatchState = chosen_from(BatchState)
    payments: int
    gross_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    netted_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    total_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    digest: bytes | None = sealed(optional=True)
    paid: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    failed: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    paid_fen: int = counted()
    failed_fen: int = counted()
    made_at: datetime = instant()
    made_by: int | None = refers_to("staff.id", optional=True)
    checked_at: datetime | None = instant(optional=True)
    checked_by: int | None = refers_to("staff.id", optional=True)
    sent_at: datetime | None = instant(optional=True)
    sent_by: int | None = refers_to("staff.id", optional=True)
    cancelled_at: datetime | None = instant(optional=True)
    cancelled_by: int | None = refers_to("staff.id", optional=True)
    statement_fen: int | None = Field(default=None, sa_column=Column(BigInteger))
    reconciled_at: datetime | None = instant(optional=True)
    reconciled_by: int | None = refers_to("staff.id", optional=True)
    words: str = Field(default="", max_length=200)


class SubsidyPayment(Table, table=True):
    """发放: one amount to one account. Its number goes to the bank and is never used again.

    The account is the one in force on the batch's day, as it was then; what failed stays failed.
    """

    __tablename__ = "subsidy_payment"
    __table_args__ = (
        CheckConstraint("gross_fen > 0 AND netted_fen >= 0", name="is_something"),
        CheckConstraint("amount_fen = gross_fen - netted_fen", name="sums_agree"),
        CheckConstraint("amount_fen >= 0", name="is_not_negative"),
        CheckConstraint(
            "(state IN ('paid', 'failed')) = (settled_on IS NOT NULL)", name="settled_is_whole"
        ),
        CheckConstraint("state <> 'failed' OR code <> '' OR reason <> ''", name="failed_for_why"),
        UniqueConstraint("batch_id", "payee_kind", "payee_id"),
        Index("ix_subsidy_payment_payee", "payee_kind", "payee_id"),
        Index("ix_subsidy_payment_state", "state", "batch_id"),
    )

    id: int | None = key()
    batch_id: int = refers_to("subsidy_batch.id")
    division_code: str = Field(max_length=12)
    payee_kind: Beneficiary = chosen_from(Beneficiary)
    payee_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    payee_name: str = Field(max_length=120)
    bank: str = Field(max_length=60)
    holder_name: str = Field(max_length=120)
    account_cipher: bytes = sealed()
    account_digest: bytes = sealed()
    last_four: str = Field(max_length=4)
    gross_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    netted_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    state: PaymentState = chosen_from(PaymentState)
    settled_on: date | None = None
    code: str = Field(default="", max_length=30)
    reason: str = Field(default="", max_length=200)
    return_id: int | None = refers_to("subsidy_bank_return.id", optional=True, index=True)


class SubsidyPaymentLine(Table, table=True):
    """A line in a payment. It is in one live payment at most: open or paid."""

    __tablename__ = "subsidy_payment_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "number"],
            ["subsidy_line.run_id", "subsidy_line.number"],
            name="fk_subsidy_payment_line_line",
        ),
        CheckConstraint("amount_fen > 0", name="is_something"),
        Index(
            "uq_subsidy_payment_line_one_live",
            "run_id",
            "number",
            unique=True,
            postgresql_where=text("is_live"),
        ),
        Index("ix_subsidy_payment_line_line", "run_id", "number"),
    )

    payment_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_payment.id"), primary_key=True)
    )
    run_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    is_live: bool = Field(
        default=True, sa_column=Column(Boolean, nullable=False, server_default=text("true"))
    )


class SubsidyBankFile(Table, table=True):
    """报盘文件: what went to the bank, byte for byte; one of a batch."""

    __tablename__ = "subsidy_bank_file"
    __table_args__ = (
        UniqueConstraint("batch_id"),
        CheckConstraint("ending IN ('csv', 'xlsx')", name="ending_is_known"),
    )

    id: int | None = key()
    batch_id: int = refers_to("subsidy_batch.id")
    division_code: str = Field(max_length=12)
    layout: str = Field(max_length=40)
    ending: str = Field(max_length=4)
    content_cipher: bytes = sealed()
    content_digest: bytes = sealed()
    payments: int
    total_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    made_at: datetime = instant()
    made_by: int | None = refers_to("staff.id", optional=True)


class SubsidyBankFileOpening(Table, table=True):
    """Who took the file with the whole account numbers out, when and why."""

    __tablename__ = "subsidy_bank_file_opening"

    id: int | None = key()
    file_id: int = refers_to("subsidy_bank_file.id", index=True)
    reason: str = Field(min_length=2, max_length=200)
    opened_at: datetime = instant()
    opened_by: int | None = refers_to("staff.id", optional=True)


class SubsidyBankReturn(Table, table=True):
    """回盘文件: what the bank said, byte for byte; the same file is taken once.

    What it says did not arrive is paid again once another person than its importer confirmed it.
    """

    __tablename__ = "subsidy_bank_return"
    __table_args__ = (
        UniqueConstraint("batch_id", "content_digest"),
        CheckConstraint(
            "confirmed_by IS NULL OR confirmed_at IS NOT NULL", name="confirmed_is_whole"
        ),
        different_people("imported_by", "confirmed_by", name="not_confirmed_by_its_importer"),
    )

    id: int | None = key()
    batch_id: int = refers_to("subsidy_batch.id")
    division_code: str = Field(max_length=12)
    layout: str = Field(max_length=40)
    file_name: str = Field(max_length=120)
    content_cipher: bytes = sealed()
    content_digest: bytes = sealed()
    rows: int
    paid: int
    failed: int
    came_back: int
    repeated: int
    imported_at: datetime = instant()
    imported_by: int | None = refers_to("staff.id", optional=True)
    confirmed_at: datetime | None = instant(optional=True)
    confirmed_by: int | None = refers_to("staff.id", optional=True)
