"""Courses, their sessions and meetings, who learns there, and what comes of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    fen,
    instant,
    key,
    refers_to,
    structured,
    words,
)

CourseSessionId = NewType("CourseSessionId", int)
EnrolmentId = NewType("EnrolmentId", int)

MOST_SCORE = 100


class CourseKind(StrEnum):
    SKILL = "skill"  # 职业技能等级
    FAMILY = "family"  # 家庭照护者
    SAFETY = "safety"  # 安全
    CONTINUING = "continuing"  # 继续教育
    OTHER = "other"


class SessionState(StrEnum):
    DRAFT = "draft"  # 未发布
    PUBLISHED = "published"  # 已发布
    CANCELLED = "cancelled"  # 已取消


class EnrolmentState(StrEnum):
    ENROLLED = "enrolled"  # 已报名
    WAITING = "waiting"  # 候补
    LEFT = "left"  # 已退出
    REMOVED = "removed"  # 已被取消


class Relation(StrEnum):
    """What a family carer is to the elder they look after."""

    SPOUSE = "spouse"  # 配偶
    CHILD = "child"  # 子女
    CHILD_IN_LAW = "child_in_law"  # 儿媳或女婿
    GRANDCHILD = "grandchild"  # 孙辈
    OTHER = "other"  # 其他


class SignedBy(StrEnum):
    """How somebody's attendance is known."""

    CODE = "code"  # 扫码
    LIST = "list"  # 签到表


class Course(Table, table=True):
    """培训课程, kept by a site that teaches, or by the office of a division."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="five_levels"),
        CheckConstraint("(kind = 'skill') = (level IS NOT NULL)", name="a_skill_has_a_level"),
        CheckConstraint("minutes BETWEEN 1 AND 60000", name="lasts_some_time"),
        CheckConstraint("least_percent BETWEEN 0 AND 100", name="percent_of_its_hours"),
        CheckConstraint("has_exam = (pass_mark IS NOT NULL)", name="an_exam_has_a_mark"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="mark_of_a_hundred"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        CheckConstraint("issuer = '' OR kind = 'skill'", name="issues_for_a_skill"),
        Index("ix_course_division_code", "division_code"),
    )

    id: int | None = key()
    name: str = Field(min_length=1, max_length=100)
    kind: CourseKind = chosen_from(CourseKind)
    level: int | None = Field(default=None, description="Skill level 5 … 1.")
    minutes: int = Field(description="Minutes of instruction that it takes.")
    least_percent: int = Field(description="Of its minutes, to be let in to the exam.")
    has_exam: bool
    pass_mark: int | None = None
    gives_certificate: bool = True
    issuer: str = Field(
        default="", max_length=100, description="Who issues skill certificates, where recognised."
    )
    cost_fen: int = fen(default=0, description="What a trainee costs, as planned.")
    about: str = Field(default="", max_length=400)
    site_id: int | None = refers_to("site.id", optional=True, index=True)
    division_code: str = Field(sa_column=Column(Text, ForeignKey("division.code"), nullable=False))
    is_offered: bool = True
    created_at: datetime = instant()
    created_by: int | None = refers_to("staff.id", optional=True)


class CourseSession(Table, table=True):
    """课程班次: one run of a course. The database counts `enrolled`, never above `capacity`."""

    __tablename__ = "course_session"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 1 AND 1000", name="has_places"),
        CheckConstraint("enrolled >= 0", name="enrolled_not_negative"),
        CheckConstraint("enrolled <= capacity", name="enrolled_within_capacity"),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
            " AND (state = 'cancelled') = (cancel_reason <> '')",
            name="cancelled_for_a_reason",
        ),
        CheckConstraint(
            "least(teaching_fen, venue_fen, material_fen, exam_fen) >= 0", name="costs_not_negative"
        ),
        Index("ix_course_session_division_code", "division_code", "starts_at"),
        Index("ix_course_session_starts_at", "starts_at"),
    )

    id: int | None = key()
    course_id: int = refers_to("course.id", index=True)
    site_id: int | None = refers_to("site.id", optional=True, index=True)
    division_code: str = Field(sa_column=Column(Text, ForeignKey("division.code"), nullable=False))
    place: str = Field(min_length=1, max_length=120)
    teacher: str = Field(min_length=1, max_length=60)
    capacity: int
    enrolled: int = 0
    enrol_until: datetime = instant()
    starts_at: datetime = instant(description="When its first meeting begins.")
    ends_at: datetime = instant(description="When its last meeting ends.")
    state: SessionState = chosen_from(SessionState, default=SessionState.DRAFT)
    cancelled_at: datetime | None = instant(optional=True)
    cancel_reason: str = Field(default="", max_length=200)
    teaching_fen: int = fen(default=0)
    venue_fen: int = fen(default=0)
    material_fen: int = fen(default=0)
    exam_fen: int = fen(default=0)
    created_at: datetime = instant()
    created_by: int | None = refers_to("staff.id", optional=True)


class CourseMeeting(Table, table=True):
    """一次课 of a session. From `closed_at` on its list stands, and its minutes count."""

    __tablename__ = "course_meeting"
    __table_args__ = (
        UniqueConstraint("session_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("ends_at <= starts_at + interval '12 hours'", name="within_a_day"),
        CheckConstraint("closed_at >= ends_at", name="closed_after_its_end"),
        Index("ix_course_meeting_ends_at", "ends_at"),
    )

    id: int | None = key()
    session_id: int = refers_to("course_session.id")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    closed_at: datetime | None = instant(optional=True)


TAKES_PART = "state IN ('enrolled', 'waiting')"


class Enrolment(Table, table=True):
    """报名: a caregiver, or a family carer by their phone account, has a place or waits for one."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("num_nonnulls(caregiver_id, account_id) = 1", name="one_person"),
        CheckConstraint(
            "(account_id IS NULL) = (relation IS NULL)"
            " AND (account_id IS NULL) = (resident_id IS NULL)",
            name="a_carer_looks_after_somebody",
        ),
        CheckConstraint(f"({TAKES_PART}) = (ended_at IS NULL)", name="ended_at_a_time"),
        CheckConstraint("wrong_codes >= 0", name="wrong_codes_not_negative"),
        Index(
            "uq_enrolment_one_caregiver", "session_id", "caregiver_id",
            unique=True, postgresql_where=text(TAKES_PART),
        ),
        Index(
            "uq_enrolment_one_carer", "session_id", "account_id",
            unique=True, postgresql_where=text(TAKES_PART),
        ),
        Index(
            "ix_enrolment_line", "session_id", "joined_at", "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_enrolment_caregiver_id", "caregiver_id"),
        Index("ix_enrolment_account_id", "account_id"),
        Index("ix_enrolment_session_id", "session_id"),
        Index("ix_enrolment_resident_id", "resident_id"),
    )  # fmt: skip

    id: int | None = key()
    session_id: int = refers_to("course_session.id")
    caregiver_id: int | None = refers_to("caregiver.id", optional=True)
    account_id: int | None = refers_to("account.id", optional=True)
    resident_id: int | None = refers_to("resident.id", optional=True)
    name: str = Field(min_length=1, max_length=60, description="As it stands on the list.")
    relation: Relation | None = chosen_from(Relation, optional=True)
    state: EnrolmentState = chosen_from(EnrolmentState)
    joined_at: datetime = instant()
    moved_up_at: datetime | None = instant(optional=True)
    ended_at: datetime | None = instant(optional=True)
    enrolled_by: int | None = refers_to("staff.id", optional=True)
    wrong_codes: int = 0


class CourseAttendance(Table, table=True):
    """签到: once for each person and meeting. Zero minutes: was noted, and was not there."""

    __tablename__ = "course_attendance"
    __table_args__ = (
        CheckConstraint("left_at >= arrived_at", name="left_after_arriving"),
        CheckConstraint("minutes BETWEEN 0 AND 720", name="minutes_of_a_meeting"),
        Index("ix_course_attendance_meeting_id", "meeting_id"),
    )

    enrolment_id: int = Field(
        sa_column=Column(ForeignKey("enrolment.id"), primary_key=True, autoincrement=False)
    )
    meeting_id: int = Field(
        sa_column=Column(ForeignKey("course_meeting.id"), primary_key=True, autoincrement=False)
    )
    arrived_at: datetime = instant()
    left_at: datetime | None = instant(optional=True)
    minutes: int
    signed_by: SignedBy = chosen_from(SignedBy)
    noted_by: int | None = refers_to("staff.id", optional=True)


class ExamResult(Table, table=True):
    """考试成绩 of a first sitting or a later one; counts once another person has confirmed it."""

    __tablename__ = "exam_result"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "sitting_no"),
        CheckConstraint("sitting_no >= 1", name="counted_from_one"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_of_a_hundred"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_whole"),
        different_people("entered_by", "confirmed_by", name="confirmed_by_another"),
    )

    id: int | None = key()
    enrolment_id: int = refers_to("enrolment.id")
    sitting_no: int = 1
    sat_on: date
    score: int
    is_passed: bool
    entered_by: int = refers_to("staff.id")
    entered_at: datetime = instant()
    confirmed_by: int | None = refers_to("staff.id", optional=True)
    confirmed_at: datetime | None = instant(optional=True)


class CompletionCertificate(Table, table=True):
    """结业证书: once for each enrolment. `check_code` is what its QR code leads to."""

    __tablename__ = "completion_certificate"
    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        UniqueConstraint("number"),
        UniqueConstraint("check_code"),
        CheckConstraint(
            "(annulled_on IS NULL) = (annul_reason = '')", name="annulled_for_a_reason"
        ),
        CheckConstraint("annulled_on >= issued_on", name="annulled_after_issue"),
    )

    id: int | None = key()
    enrolment_id: int = refers_to("enrolment.id")
    number: str = Field(min_length=4, max_length=40)
    check_code: str = Field(min_length=20, max_length=32)
    issued_on: date
    issued_by: int | None = refers_to("staff.id", optional=True)
    skill_certificate_id: int | None = refers_to("skill_certificate.id", optional=True)
    annulled_on: date | None = None
    annul_reason: str = Field(default="", max_length=200)


class TrainingSubsidy(Table, table=True):
    """培训补贴: what a trainee brings, or every reason for nothing; frozen once, with its basis."""

    __tablename__ = "training_subsidy"
    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(amount_fen > 0) = (cardinality(reasons) = 0)", name="an_amount_or_reasons"
        ),
        Index("ix_training_subsidy_year", "year", "division_code"),
    )

    id: int | None = key()
    enrolment_id: int = refers_to("enrolment.id")
    session_id: int = refers_to("course_session.id", index=True)
    caregiver_id: int | None = refers_to("caregiver.id", optional=True, index=True)
    division_code: str = Field(sa_column=Column(Text, ForeignKey("division.code"), nullable=False))
    year: int
    scheme: str = Field(max_length=30)
    amount_fen: int = fen()
    reasons: list[str] = words()
    basis: dict[str, object] = structured(description="Parameters and facts it rests on.")
    frozen_at: datetime = instant()
    frozen_by: int | None = refers_to("staff.id", optional=True)


class ContestLevel(StrEnum):
    COUNTY = "county"  # 县级
    CITY = "city"  # 市级
    PROVINCE = "province"  # 省级


class SkillsContest(Table, table=True):
    """职业技能竞赛; from `published_at` on its ranks stand and are told."""

    __tablename__ = "skills_contest"
    __table_args__ = (Index("ix_skills_contest_division_code", "division_code", "held_on"),)

    id: int | None = key()
    name: str = Field(min_length=1, max_length=120)
    level: ContestLevel = chosen_from(ContestLevel)
    division_code: str = Field(sa_column=Column(Text, ForeignKey("division.code"), nullable=False))
    held_on: date
    place: str = Field(min_length=1, max_length=120)
    organiser: str = Field(min_length=1, max_length=120)
    published_at: datetime | None = instant(optional=True)
    created_at: datetime = instant()
    created_by: int | None = refers_to("staff.id", optional=True)


class ContestEntrant(Table, table=True):
    """参赛选手 with the score, and once the ranks stand with rank and award."""

    __tablename__ = "contest_entrant"
    __table_args__ = (
        CheckConstraint("score_hundredths BETWEEN 0 AND 100000", name="score_fits"),
        CheckConstraint("rank >= 1", name="counted_from_one"),
        CheckConstraint("rank IS NULL OR score_hundredths IS NOT NULL", name="ranked_by_a_score"),
        Index("ix_contest_entrant_caregiver_id", "caregiver_id"),
    )

    contest_id: int = Field(
        sa_column=Column(ForeignKey("skills_contest.id"), primary_key=True, autoincrement=False)
    )
    caregiver_id: int = Field(
        sa_column=Column(ForeignKey("caregiver.id"), primary_key=True, autoincrement=False)
    )
    name: str = Field(min_length=1, max_length=60)
    site_name: str = Field(default="", max_length=120)
    score_hundredths: int | None = None
    rank: int | None = None
    award: str = Field(default="", max_length=60)
    entered_by: int | None = refers_to("staff.id", optional=True)
