"""Accounts, postings and their entries. Entries are only ever added, and sum to nought.

Books are those of a site, or those of an office over a division: never of both.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to


class AccountKind(StrEnum):
    """A balance above nought is money there (cash, receivable), below it money owed to somebody."""

    CASH = "cash"  # 已收款
    RECEIVABLE = "receivable"  # 应收
    PREPAID = "prepaid"  # 预收款
    DEPOSIT = "deposit"  # 押金
    INCOME = "income"  # 收入
    CLEARING = "clearing"  # 支付平台待清算
    BUDGET = "budget"  # 预算额度
    COMMITTED = "committed"  # 预算占用
    COST = "cost"  # 补贴支出
    DUE = "due"  # 应付补贴
    AT_BANK = "at_bank"  # 银行代发待清算
    TREASURY = "treasury"  # 财政专户
    RECOVERY = "recovery"  # 应收追缴


class PostingKind(StrEnum):
    PAYMENT = "payment"  # 收款
    DEPOSIT = "deposit"  # 收押金
    BILL = "bill"  # 月账单
    SETTLEMENT = "settlement"  # 退住结算
    TOP_UP = "top_up"  # 充值
    MEAL = "meal"  # 餐费
    REFUND = "refund"  # 退款
    REVERSAL = "reversal"  # 冲正
    SUBSIDY_DUE = "subsidy_due"  # 确认应付补贴
    SUBSIDY_RESERVED = "subsidy_reserved"  # 占用预算
    SUBSIDY_SENT = "subsidy_sent"  # 送银行代发
    SUBSIDY_RETURNED = "subsidy_returned"  # 银行回盘
    SUBSIDY_CANCELLED = "subsidy_cancelled"  # 取消发放批次
    RECOVERY_MADE = "recovery_made"  # 确认追缴
    RECOVERY_RECEIVED = "recovery_received"  # 追缴退回
    RECOVERY_WRITTEN_OFF = "recovery_written_off"  # 追缴核销


ONE_BOOK = "num_nonnulls(site_id, office_code) = 1"


class LedgerAccount(Table, table=True):
    """账户: of a site or an office, about one `subject`, for instance `stay:12`."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("site_id", "subject", "kind"),
        UniqueConstraint("id", "site_id", name="uq_ledger_account_of_a_site"),
        UniqueConstraint("office_code", "subject", "kind"),
        UniqueConstraint("id", "office_code", name="uq_ledger_account_of_an_office"),
        CheckConstraint(ONE_BOOK, name="of_one_book"),
    )

    id: int | None = key()
    site_id: int | None = refers_to("site.id", optional=True)
    subject: str = Field(min_length=1, max_length=40)
    kind: AccountKind = chosen_from(AccountKind)
    office_code: str | None = Field(default=None, max_length=12)


class LedgerPosting(Table, table=True):
    """记账凭证: what happened once; `reference` is what it cannot happen twice by."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("id", "site_id", name="uq_ledger_posting_of_a_site"),
        UniqueConstraint("id", "office_code", name="uq_ledger_posting_of_an_office"),
        CheckConstraint(ONE_BOOK, name="of_one_book"),
    )

    id: int | None = key()
    site_id: int | None = refers_to("site.id", optional=True)
    kind: PostingKind = chosen_from(PostingKind)
    reference: str = Field(min_length=1, max_length=80)
    posted_on: date
    posted_at: datetime = instant()
    note: str = Field(default="", max_length=200)
    office_code: str | None = Field(default=None, max_length=12)


class LedgerEntry(Table, table=True):
    """分录: an amount on an account, above nought on the left (借), below on the right (贷)."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("posting_id", "account_id"),
        CheckConstraint("amount_fen <> 0", name="amount_is_one"),
        ForeignKeyConstraint(
            ["posting_id", "site_id"],
            ["ledger_posting.id", "ledger_posting.site_id"],
            name="fk_ledger_entry_posting",
        ),
        ForeignKeyConstraint(
            ["account_id", "site_id"],
            ["ledger_account.id", "ledger_account.site_id"],
            name="fk_ledger_entry_account",
        ),
        ForeignKeyConstraint(
            ["posting_id", "office_code"],
            ["ledger_posting.id", "ledger_posting.office_code"],
            name="fk_ledger_entry_posting_of_an_office",
        ),
        ForeignKeyConstraint(
            ["account_id", "office_code"],
            ["ledger_account.id", "ledger_account.office_code"],
            name="fk_ledger_entry_account_of_an_office",
        ),
        CheckConstraint(ONE_BOOK, name="of_one_book"),
    )

    id: int | None = key()
    posting_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    account_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    site_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    office_code: str | None = Field(default=None, max_length=12)
