"""Assessments, and apart from them what was answered and found."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed, structured

AssessmentId = NewType("AssessmentId", int)

SHEET_FIELD = "assessment_sheet.sheet"
NOTE_FIELD = "assessment.note"


class AbilityLevel(StrEnum):
    """能力等级 of GB/T 42195-2022, from the best to the worst."""

    INTACT = "intact"  # 能力完好
    MILD = "mild"  # 轻度失能
    MODERATE = "moderate"  # 中度失能
    SEVERE = "severe"  # 重度失能
    TOTAL = "total"  # 完全失能


class AssessmentReason(StrEnum):
    """评估原因 (domain.md §2.1)."""

    FIRST = "first"  # 首次评估
    ROUTINE = "routine"  # 常规评估
    IMMEDIATE = "immediate"  # 即时评估
    DISPUTED = "disputed"  # 因对评估结果有疑问进行的复评
    OTHER = "other"  # 其他


class AssessmentStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Adjustment(StrEnum):
    """What made a level worse than its points."""

    COMA = "coma"
    DISORDER = "disorder"
    EVENTS = "events"


class CareRisk(StrEnum):
    """照护风险事件 (domain.md §2.1)."""

    FALL = "fall"  # 跌倒
    STRAYING = "straying"  # 走失
    CHOKING = "choking"  # 噎食
    SELF_HARM = "self_harm"  # 自杀、自伤
    OTHER = "other"  # 其他


class Assessment(Table, table=True):
    """能力评估 of a resident: who assessed and reviewed, what it came to, and when it holds.

    Holds from `starts_on` until the day before `ends_on`. Triggers of the database keep it as it
    is once it is handed in, and for ever once it is confirmed; only its end may come sooner.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name="days_fit_the_fold",
        ),
        CheckConstraint(
            "(status = 'confirmed') = (num_nonnulls(starts_on, ends_on) = 2)"
            " AND num_nonnulls(starts_on, ends_on) IN (0, 2)",
            name="confirmed_has_its_days",
        ),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR num_nulls(self_care, movement, mind, senses,"
            " total, initial_level, final_level, submitted_at) = 0",
            name="submitted_is_whole",
        ),
        CheckConstraint(
            "status NOT IN ('confirmed', 'returned') OR num_nulls(reviewed_by, reviewed_at) = 0",
            name="reviewed_by_somebody",
        ),
        CheckConstraint("reviewed_by <> assessor_id", name="reviewed_by_another"),
        CheckConstraint("(note_cipher IS NULL) = (note_digest IS NULL)", name="note_is_whole"),
        CheckConstraint(
            "self_care BETWEEN 0 AND 32 AND movement BETWEEN 0 AND 15"
            " AND mind BETWEEN 0 AND 28 AND senses BETWEEN 0 AND 15",
            name="sums_fit_the_scale",
        ),
        CheckConstraint("total = self_care + movement + mind + senses", name="total_is_the_sum"),
        ExcludeConstraint(
            (
                text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " resident_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            name="ex_assessment_one_level_a_day",
            where=text("status = 'confirmed'"),
        ),
        Index(
            "uq_assessment_one_open",
            "resident_id",
            unique=True,
            postgresql_where=text("status IN ('draft', 'submitted', 'returned')"),
        ),
        Index("ix_assessment_resident_id", "resident_id", "assessed_on"),
        Index(
            "ix_assessment_waiting",
            "submitted_at",
            "id",
            postgresql_where=text("status = 'submitted'"),
        ),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    scale_version: str = Field(max_length=40)
    reason: AssessmentReason = chosen_from(AssessmentReason)
    assessed_on: date
    assessor_id: int = refers_to("staff.id", index=True)
    status: AssessmentStatus = chosen_from(AssessmentStatus)
    self_care: int | None = None
    movement: int | None = None
    mind: int | None = None
    senses: int | None = None
    total: int | None = None
    initial_level: AbilityLevel | None = chosen_from(
        AbilityLevel, optional=True, check="initiallevel"
    )
    final_level: AbilityLevel | None = chosen_from(AbilityLevel, optional=True, check="finallevel")
    figures: Any = structured(optional=True)
    submitted_at: datetime | None = instant(optional=True)
    reviewed_by: int | None = refers_to("staff.id", optional=True)
    reviewed_at: datetime | None = instant(optional=True)
    note_cipher: bytes | None = sealed(optional=True)
    note_digest: bytes | None = sealed(optional=True)
    starts_on: date | None = None
    ends_on: date | None = None


class AssessmentSheet(Table, table=True):
    """What was answered and found: health data, sealed whole, for those who assess and review.

    The digest tells in the trail that the sheet changed, and not what it says.
    """

    __tablename__ = "assessment_sheet"

    assessment_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("assessment.id"), primary_key=True, autoincrement=False
        )
    )
    sheet_cipher: bytes = sealed()
    sheet_digest: bytes = sealed()
