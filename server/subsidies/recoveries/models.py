"""Recoveries, what was paid back of each, and what two people decided about them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, different_people, instant, key, refers_to
from server.policies.programmes.terms import Beneficiary
from server.subsidies.budgets.models import ChangeState, counted


class RecoveryReason(StrEnum):
    DIFFERENCE = "difference"  # 差额核算
    FINDING = "finding"  # 疑点属实


class EntryKind(StrEnum):
    """What lessens a recovery; an undone one is below nought."""

    NETTED = "netted"  # 抵扣
    RECEIVED = "received"  # 退回
    WRITTEN_OFF = "written_off"  # 核销


class DecisionKind(StrEnum):
    DEFERMENT = "deferment"  # 缓缴
    WRITE_OFF = "write_off"  # 核销


class SubsidyRecovery(Table, table=True):
    """追缴: an amount of a line that was too much, owed by whoever was paid it.

    `of_run_id` and `of_number` are the line that was too much; `run_id` and `number` the negative
    line that says so, or `finding_id` the finding. Amounts of its entries are counted by the
    database. `most_percent` is what may be netted of one payment, None where no policy says so.
    """

    __tablename__ = "subsidy_recovery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["of_run_id", "of_number"],
            ["subsidy_line.run_id", "subsidy_line.number"],
            name="fk_subsidy_recovery_of",
        ),
        ForeignKeyConstraint(
            ["run_id", "number"],
            ["subsidy_line.run_id", "subsidy_line.number"],
            name="fk_subsidy_recovery_line",
        ),
        CheckConstraint("amount_fen > 0", name="is_something"),
        CheckConstraint(
            "(reason = 'difference') = (run_id IS NOT NULL)"
            " AND (reason = 'finding') = (finding_id IS NOT NULL)"
            " AND (run_id IS NULL) = (number IS NULL)",
            name="rests_on_one_thing",
        ),
        CheckConstraint(
            "netted_fen >= 0 AND received_fen >= 0 AND written_off_fen >= 0",
            name="use_is_not_negative",
        ),
        CheckConstraint(
            "netted_fen + received_fen + written_off_fen <= amount_fen", name="never_over"
        ),
        CheckConstraint("most_percent BETWEEN 1 AND 100", name="limit_is_one"),
        Index(
            "uq_subsidy_recovery_line",
            "run_id",
            "number",
            unique=True,
            postgresql_where=text("run_id IS NOT NULL"),
        ),
        Index("ix_subsidy_recovery_of", "of_run_id", "of_number"),
        Index("ix_subsidy_recovery_payee", "payee_kind", "payee_id"),
    )

    id: int | None = key()
    payee_kind: Beneficiary = chosen_from(Beneficiary)
    payee_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    site_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    division_code: str = Field(max_length=12)
    programme: str = Field(max_length=40)
    reason: RecoveryReason = chosen_from(RecoveryReason)
    of_run_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    of_number: int
    run_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    number: int | None = None
    finding_id: int | None = refers_to("finding.id", optional=True, index=True)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    netted_fen: int = counted()
    received_fen: int = counted()
    written_off_fen: int = counted()
    most_percent: int | None = None
    deferred_until: date | None = None
    made_at: datetime = instant()
    made_by: int | None = refers_to("staff.id", optional=True)
    words: str = Field(default="", max_length=200)


class SubsidyRecoveryEntry(Table, table=True):
    """追缴流水: netted from a payment, received with a receipt, or written off; only ever added."""

    __tablename__ = "subsidy_recovery_entry"
    __table_args__ = (
        CheckConstraint("amount_fen <> 0", name="is_something"),
        CheckConstraint("(kind = 'netted') = (payment_id IS NOT NULL)", name="netted_of_a_payment"),
        CheckConstraint("kind = 'netted' OR amount_fen > 0", name="undone_where_netted"),
        CheckConstraint("kind <> 'received' OR receipt <> ''", name="received_with_a_receipt"),
        CheckConstraint("(kind = 'written_off') = (decision_id IS NOT NULL)", name="decided"),
        Index(
            "uq_subsidy_recovery_entry_receipt",
            "recovery_id",
            "receipt",
            unique=True,
            postgresql_where=text("receipt <> ''"),
        ),
        Index(
            "uq_subsidy_recovery_entry_decision",
            "decision_id",
            unique=True,
            postgresql_where=text("decision_id IS NOT NULL"),
        ),
    )

    id: int | None = key()
    recovery_id: int = refers_to("subsidy_recovery.id", index=True)
    kind: EntryKind = chosen_from(EntryKind)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    payment_id: int | None = refers_to("subsidy_payment.id", optional=True, index=True)
    decision_id: int | None = refers_to("subsidy_recovery_decision.id", optional=True)
    receipt: str = Field(default="", max_length=60)
    on_day: date
    at: datetime = instant()
    by: int | None = refers_to("staff.id", optional=True)


class SubsidyRecoveryDecision(Table, table=True):
    """缓缴与核销: asked for by one person with words, and decided by another."""

    __tablename__ = "subsidy_recovery_decision"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'deferment') = (until IS NOT NULL)"
            " AND (kind = 'write_off') = (amount_fen IS NOT NULL)",
            name="says_what",
        ),
        CheckConstraint("amount_fen > 0", name="is_something"),
        CheckConstraint("words <> ''", name="says_why"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_is_whole"),
        different_people("asked_by", "decided_by", name="not_decided_by_its_asker"),
        Index(
            "uq_subsidy_recovery_decision_waits",
            "recovery_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: int | None = key()
    recovery_id: int = refers_to("subsidy_recovery.id", index=True)
    kind: DecisionKind = chosen_from(DecisionKind)
    until: date | None = None
    amount_fen: int | None = Field(default=None, sa_column=Column(BigInteger))
    words: str = Field(max_length=200)
    state: ChangeState = chosen_from(ChangeState)
    asked_at: datetime = instant()
    asked_by: int | None = refers_to("staff.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
