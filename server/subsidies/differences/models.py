"""What waits to be put right, as the last look at a run found it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, structured


class DifferenceKind(StrEnum):
    """Why something else is due than was reckoned."""

    FACTS = "facts"  # 事实变更
    POLICY = "policy"  # 政策变更
    NEW = "new"  # 新增: nobody knew of it then
    GONE = "gone"  # 消失: it is no longer so at all


class SubsidyDifference(Table, table=True):
    """待更正: one case of a run, what it had and what it should have had.

    Found anew at each look, and gone with the difference run that takes it. `facts` are those of
    now; `trace` says how the amount of now came about, and which facts were other ones.
    """

    __tablename__ = "subsidy_difference"
    __table_args__ = (
        CheckConstraint("before_fen <> now_fen AND now_fen >= 0", name="is_one"),
        Index(
            "uq_subsidy_difference_once",
            "of_run_id",
            "beneficiary_id",
            "month",
            "part",
            unique=True,
        ),
        Index("ix_subsidy_difference_site_id", "site_id"),
    )

    id: int | None = key()
    of_run_id: int = refers_to("subsidy_run.id")
    of_number: int | None = Field(default=None, sa_column=Column(Integer))
    version_id: int | None = refers_to("policy_version.id", optional=True)
    beneficiary_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    caregiver_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    site_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    month: date = Field(sa_column=Column(Date, nullable=False))
    part: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    on_day: date
    subject: str = Field(max_length=60)
    kind: DifferenceKind = chosen_from(DifferenceKind)
    before_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    now_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    facts: dict[str, Any] = structured()
    trace: dict[str, Any] = structured()
    found_at: datetime = instant()
