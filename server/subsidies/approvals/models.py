"""Reviews of runs, who signed them, what they were approved by slice, and lines held out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, structured
from server.subsidies.claims.models import Part


class ReviewState(StrEnum):
    OPEN = "open"  # 审批中
    APPROVING = "approving"  # 批量审批执行中
    APPROVED = "approved"  # 已审批
    RETURNED = "returned"  # 已退回


class ReviewStep(StrEnum):
    SUBMIT = "submit"  # 送审
    SIGN = "sign"  # 本级同意
    PRESS = "press"  # 批准
    RETURN = "return"  # 退回


class HeldFor(StrEnum):
    """Why a line is kept out of its run."""

    REVIEW = "review"  # 审批剔除
    OBJECTION = "objection"  # 异议成立


class SubsidyReview(Table, table=True):
    """审批: a computed run before those who did not make it, office by office.

    `stages` are the offices it goes through. The last word names the control total; from then on
    the slices are approved one after the other, and the run with the last of them.
    """

    __tablename__ = "subsidy_review"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('approving', 'approved')) = (pressed_at IS NOT NULL)"
            " AND num_nonnulls(pressed_at, pressed_by, control_fen) IN (0, 3)",
            name="pressed_is_whole",
        ),
        CheckConstraint(
            "(state IN ('approved', 'returned')) = (ended_at IS NOT NULL)", name="ended_is_whole"
        ),
        CheckConstraint("state <> 'returned' OR words <> ''", name="returned_with_words"),
        Index(
            "uq_subsidy_review_one_live",
            "run_id",
            unique=True,
            postgresql_where=text("state <> 'returned'"),
        ),
    )

    id: int | None = key()
    run_id: int = refers_to("subsidy_run.id")
    stages: list[str] = structured()
    stage_no: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    state: ReviewState = chosen_from(ReviewState)
    submitted_at: datetime = instant()
    submitted_by: int | None = refers_to("staff.id", optional=True)
    control_fen: int | None = Field(default=None, sa_column=Column(BigInteger))
    pressed_at: datetime | None = instant(optional=True)
    pressed_by: int | None = refers_to("staff.id", optional=True)
    ended_at: datetime | None = instant(optional=True)
    words: str = Field(default="", max_length=400)


class SubsidyRunHand(Table, table=True):
    """The one part that somebody has in a run. A second one breaks the key."""

    __tablename__ = "subsidy_run_hand"
    __table_args__ = (
        UniqueConstraint("run_id", "staff_id", "part", name="uq_subsidy_run_hand_part"),
    )

    run_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_run.id"), primary_key=True)
    )
    staff_id: int = Field(sa_column=Column(BigInteger, ForeignKey("staff.id"), primary_key=True))
    part: Part = chosen_from(Part)


class SubsidyReviewStep(Table, table=True):
    """Who said what on a run, at which of its offices. An office says yes once."""

    __tablename__ = "subsidy_review_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "staff_id", "part"],
            ["subsidy_run_hand.run_id", "subsidy_run_hand.staff_id", "subsidy_run_hand.part"],
            name="fk_subsidy_review_step_hand",
        ),
        Index(
            "uq_subsidy_review_step_once",
            "review_id",
            "stage_no",
            unique=True,
            postgresql_where=text("step IN ('sign', 'press')"),
        ),
        Index("ix_subsidy_review_step_run_id", "run_id", "id"),
    )

    id: int | None = key()
    review_id: int = refers_to("subsidy_review.id")
    run_id: int = refers_to("subsidy_run.id")
    stage_no: int = Field(sa_column=Column(SmallInteger, nullable=False))
    step: ReviewStep = chosen_from(ReviewStep)
    taken_at: datetime = instant()
    staff_id: int = refers_to("staff.id")
    part: Part = chosen_from(Part)
    words: str = Field(default="", max_length=400)


class SubsidyApprovalSlice(Table, table=True):
    """A slice of a run as it was approved: counted by the database, and as it was sealed."""

    __tablename__ = "subsidy_approval_slice"

    review_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_review.id"), primary_key=True)
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    run_id: int = refers_to("subsidy_run.id")
    lines: int = 0
    held: int = 0
    total_fen: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    done_at: datetime = instant()


class SubsidyHeldLine(Table, table=True):
    """剔除: a line that is not paid with its run, and why; a later run may pay it."""

    __tablename__ = "subsidy_held_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "number"],
            ["subsidy_line.run_id", "subsidy_line.number"],
            name="fk_subsidy_held_line_line",
        ),
        CheckConstraint("words <> ''", name="for_a_reason"),
        CheckConstraint(
            "num_nonnulls(put_back_at, put_back_by) IN (0, 2)", name="put_back_is_whole"
        ),
        Index(
            "uq_subsidy_held_line_once",
            "run_id",
            "number",
            unique=True,
            postgresql_where=text("put_back_at IS NULL"),
        ),
    )

    id: int | None = key()
    run_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    number: int
    held_for: HeldFor = chosen_from(HeldFor)
    words: str = Field(max_length=200)
    held_at: datetime = instant()
    held_by: int | None = refers_to("staff.id", optional=True)
    put_back_at: datetime | None = instant(optional=True)
    put_back_by: int | None = refers_to("staff.id", optional=True)
