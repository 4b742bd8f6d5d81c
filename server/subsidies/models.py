"""Runs: the facts as they were frozen, and what each of them came to.

Facts and lines are only ever added, in slices that are counted and sealed by the database.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
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
    structured,
)


class RunKind(StrEnum):
    REGULAR = "regular"  # 正式核算
    WHAT_IF = "what_if"  # 测算
    DIFFERENCE = "difference"  # 差额核算


class RunStage(StrEnum):
    """How far a run has come. From `computed` on nothing of it is reckoned anew."""

    GATHERING = "gathering"  # 归集数据
    COMPUTING = "computing"  # 核算中
    COMPUTED = "computed"  # 已核算
    IN_APPROVAL = "in_approval"  # 审批中
    APPROVED = "approved"  # 已审批
    IN_NOTICE = "in_notice"  # 公示中
    PAYABLE = "payable"  # 待发放
    IN_PAYMENT = "in_payment"  # 发放中
    PAID = "paid"  # 已发放
    DISCARDED = "discarded"  # 已作废


class Outcome(StrEnum):
    DUE = "due"  # 应发
    NOTHING = "nothing"  # 为零
    REFUSED = "refused"  # 不予发放


class SubsidyRun(Table, table=True):
    """核算: one programme, one stretch of months, one division.

    `months` are counted from `first_month`. A difference run names the run it corrects, and a
    what-if run the one it is held against; `changes` are the figures it changed. `total_fen` and
    the counts are those of its slices, once it is computed. `cross_checked_at` is when a regular
    run was last held against the cross-checks; nobody submits it before.
    """

    __tablename__ = "subsidy_run"
    __table_args__ = (
        CheckConstraint("EXTRACT(day FROM first_month) = 1", name="starts_with_a_month"),
        CheckConstraint("months BETWEEN 1 AND 12", name="is_a_year_at_most"),
        CheckConstraint("kind <> 'difference' OR of_run_id IS NOT NULL", name="of_another"),
        CheckConstraint(
            "(stage = 'discarded') = (discarded_at IS NOT NULL)", name="discarded_is_whole"
        ),
        different_people("made_by", "approved_by", name="not_approved_by_its_maker"),
        Index("ix_subsidy_run_stage", "stage", "made_at"),
    )

    id: int | None = key()
    programme: str = Field(max_length=40, index=True)
    version_id: int = refers_to("policy_version.id")
    family_no: int = refers_to("subsidy_family.id")
    kind: RunKind = chosen_from(RunKind)
    of_run_id: int | None = refers_to("subsidy_run.id", optional=True)
    division_code: str = Field(max_length=12)
    first_month: date
    months: int = Field(sa_column=Column(SmallInteger, nullable=False))
    stage: RunStage = chosen_from(RunStage)
    changes: dict[str, Any] = structured()
    facts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    lines: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    refused: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    total_fen: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    facts_digest: bytes | None = sealed(optional=True)
    lines_digest: bytes | None = sealed(optional=True)
    made_at: datetime = instant()
    made_by: int | None = refers_to("staff.id", optional=True)
    computed_at: datetime | None = instant(optional=True)
    cross_checked_at: datetime | None = instant(optional=True)
    approved_at: datetime | None = instant(optional=True)
    approved_by: int | None = refers_to("staff.id", optional=True)
    discarded_at: datetime | None = instant(optional=True)
    discarded_by: int | None = refers_to("staff.id", optional=True)
    words: str = Field(default="", max_length=200)


class SubsidyFact(Table, table=True):
    """A case as it was when its run froze it: about whom, of which site, and every fact.

    `subject` is the row elsewhere that it rests on, for instance `stay:12`. `on_day` is the civil
    day on which figures and standing are looked up. No key of another table is checked here: what
    was frozen stays, whatever becomes of the rows it was taken from.
    """

    __tablename__ = "subsidy_fact"

    run_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_run.id"), primary_key=True)
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    beneficiary_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    caregiver_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    site_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    month: date = Field(sa_column=Column(Date, nullable=False))
    part: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    on_day: date = Field(sa_column=Column(Date, nullable=False))
    subject: str = Field(max_length=60)
    facts: dict[str, Any] = structured()


class SubsidyLine(Table, table=True):
    """明细: what a case came to. `number` is that of its fact.

    `trace` says how: `base_fen`, `count`, `rows`, `factors`, `capped`, or `reasons`; places are
    those of the version's own tables. `holds` is 0 where the line keeps others of its family away
    for the month; a trial, a difference and a discarded run hold nothing, and have their run's
    number there. A difference line names the line that it corrects, and may be below nought.
    """

    __tablename__ = "subsidy_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "number"],
            ["subsidy_fact.run_id", "subsidy_fact.number"],
            name="fk_subsidy_line_fact",
        ),
        CheckConstraint("outcome = 'due' OR amount_fen = 0", name="nothing_without_right"),
        CheckConstraint(
            "amount_fen >= 0 OR of_run_id IS NOT NULL", name="negative_where_it_corrects"
        ),
        Index(
            "uq_subsidy_line_once_a_month",
            "family_no",
            "beneficiary_id",
            "month",
            "part",
            "holds",
            unique=True,
            postgresql_where=text("outcome = 'due'"),
        ),
        Index("ix_subsidy_line_site_id", "site_id", "month"),
        Index(
            "ix_subsidy_line_resident_id",
            "resident_id",
            "month",
            postgresql_where=text("resident_id IS NOT NULL"),
        ),
        Index(
            "ix_subsidy_line_caregiver_id",
            "caregiver_id",
            "month",
            postgresql_where=text("caregiver_id IS NOT NULL"),
        ),
        Index(
            "ix_subsidy_line_of",
            "of_run_id",
            "of_number",
            postgresql_where=text("of_run_id IS NOT NULL"),
        ),
    )

    run_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_run.id"), primary_key=True)
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    family_no: int = Field(sa_column=Column(BigInteger, nullable=False))
    beneficiary_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    caregiver_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    site_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    month: date = Field(sa_column=Column(Date, nullable=False))
    part: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    outcome: Outcome = chosen_from(Outcome)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    trace: dict[str, Any] = structured()
    holds: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    of_run_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    of_number: int | None = Field(default=None, sa_column=Column(Integer))


class SubsidySlice(Table, table=True):
    """A stretch of a run's lines, finished in one transaction.

    Whoever adds one names the run and its numbers; what it holds is counted, summed and digested
    by the database, over facts and lines in the order of their numbers.
    """

    __tablename__ = "subsidy_slice"
    __table_args__ = (CheckConstraint("last_no >= first_no", name="is_whole"),)

    run_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_run.id"), primary_key=True)
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    first_no: int
    last_no: int
    lines: int = 0
    refused: int = 0
    total_fen: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    facts_digest: bytes = sealed()
    lines_digest: bytes = sealed()
    done_at: datetime = instant()
