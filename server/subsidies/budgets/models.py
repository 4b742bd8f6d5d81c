"""Budgets, and the changes that two people made of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, different_people, instant, key, refers_to


class ChangeState(StrEnum):
    ASKED = "asked"  # 待审定
    ACCEPTED = "accepted"  # 已生效
    REFUSED = "refused"  # 已退回


def counted() -> Any:
    """An amount that triggers alone write."""
    column = Column(BigInteger, nullable=False, server_default="0")
    return Field(default=0, sa_column=column)


class SubsidyBudget(Table, table=True):
    """预算: of a budget line, a year and a division. The database alone counts its amounts.

    `amount_fen` is what accepted changes came to, `reserved_fen` what batches hold that are not
    paid yet, `paid_fen` what has left the bank and not come back.
    """

    __tablename__ = "subsidy_budget"
    __table_args__ = (
        UniqueConstraint("year", "division_code", "line"),
        CheckConstraint("year BETWEEN 2000 AND 2169", name="year_is_one"),
        CheckConstraint("reserved_fen >= 0 AND paid_fen >= 0", name="use_is_not_negative"),
        CheckConstraint("reserved_fen + paid_fen <= amount_fen", name="never_over"),
    )

    id: int | None = key()
    line: str = Field(min_length=1, max_length=200)
    year: int
    division_code: str = Field(max_length=12)
    amount_fen: int = counted()
    reserved_fen: int = counted()
    paid_fen: int = counted()


class SubsidyBudgetChange(Table, table=True):
    """预算调整: raised or lowered by a document, asked by one person and decided by another."""

    __tablename__ = "subsidy_budget_change"
    __table_args__ = (
        CheckConstraint("delta_fen <> 0", name="changes_something"),
        CheckConstraint("document <> ''", name="rests_on_a_document"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_is_whole"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_with_words"),
        different_people("asked_by", "decided_by", name="not_decided_by_its_asker"),
        Index("ix_subsidy_budget_change_state", "state", "asked_at"),
    )

    id: int | None = key()
    budget_id: int = refers_to("subsidy_budget.id", index=True)
    delta_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    document: str = Field(min_length=1, max_length=120, description="文号, with its title.")
    holds_on: date = Field(description="The document's own day.")
    words: str = Field(default="", max_length=200)
    state: ChangeState = chosen_from(ChangeState)
    asked_at: datetime = instant()
    asked_by: int | None = refers_to("staff.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
    answer: str = Field(default="", max_length=200)
