"""Caregivers and the dated facts that their allowances are reckoned from."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed

CaregiverId = NewType("CaregiverId", int)
EmploymentId = NewType("EmploymentId", int)

ID_NUMBER_FIELD = "caregiver.id_number"
PAYEE_FIELD = "caregiver.payee_account"


class Degree(StrEnum):
    """学历, in rising order; 晋民发〔2023〕30号 pays by it."""

    SECONDARY = "secondary"  # 中专
    COLLEGE = "college"  # 大专
    BACHELOR = "bachelor"  # 本科
    MASTER = "master"  # 硕士及以上


class Post(StrEnum):
    """岗位; which of them are front-line (一线) is said with the employment."""

    CARE = "care"  # 护理
    NURSING = "nursing"  # 护士
    REHABILITATION = "rehabilitation"  # 康复
    SOCIAL_WORK = "social_work"  # 社工
    ASSESSMENT = "assessment"  # 评估
    MANAGEMENT = "management"  # 管理
    FINANCE = "finance"  # 财务
    PERSONNEL = "personnel"  # 人事
    LOGISTICS = "logistics"  # 后勤


class InsurancePayer(StrEnum):
    """社会保险由谁缴纳."""

    EMPLOYER = "employer"  # 本单位
    DISPATCHER = "dispatcher"  # 劳务派遣单位
    OTHER = "other"  # 其他单位或个人
    NOBODY = "nobody"  # 未缴


class LeavingReason(StrEnum):
    RESIGNED = "resigned"  # 辞职
    CONTRACT_ENDED = "contract_ended"  # 合同到期
    TRANSFERRED = "transferred"  # 调动
    RETIRED = "retired"  # 退休
    DISMISSED = "dismissed"  # 解聘
    DIED = "died"  # 去世
    OTHER = "other"


class AttendanceSource(StrEnum):
    """How a month's days are known; a punch counts itself, the others are told."""

    PUNCHED = "punched"  # 打卡
    FILED = "filed"  # 填报
    IMPORTED = "imported"  # 导入


class BreachKind(StrEnum):
    """What takes an allowance away while it is not cleared (domain.md §0, post_allowance)."""

    ACCIDENT = "accident"  # 责任事故
    ETHICS = "ethics"  # 违反职业道德


class Caregiver(Table, table=True):
    """养老护理员: somebody who works, or worked, in elder care.

    `keeper_site_id` is the site that keeps the file: the one of the latest employment.
    """

    __tablename__ = "caregiver"
    __table_args__ = (
        UniqueConstraint("id_number_digest"),
        UniqueConstraint("account_id"),
        UniqueConstraint("staff_id"),
        CheckConstraint(
            "num_nonnulls(payee_cipher, payee_digest) IN (0, 2)", name="payee_is_whole"
        ),
        Index("ix_caregiver_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ix_caregiver_pinyin", "pinyin", postgresql_ops={"pinyin": "text_pattern_ops"}),
        Index("ix_caregiver_initials", "initials", postgresql_ops={"initials": "text_pattern_ops"}),
    )

    id: int | None = key()
    name: str = Field(min_length=1, max_length=60)
    pinyin: str = Field(default="", max_length=120)
    initials: str = Field(default="", max_length=30)
    born_on: date
    id_number_cipher: bytes = sealed()
    id_number_digest: bytes = sealed()
    phone: str | None = Field(default=None, max_length=20, index=True, description="E.164.")
    language: str = Field(default="zh-CN", max_length=10)
    keeper_site_id: int = refers_to("site.id", index=True)
    account_id: int | None = refers_to("account.id", optional=True)
    staff_id: int | None = refers_to("staff.id", optional=True)
    payee_bank: str = Field(default="", max_length=60)
    payee_cipher: bytes | None = sealed(optional=True)
    payee_digest: bytes | None = sealed(optional=True)
    registered_at: datetime = instant()
    registered_by: int | None = refers_to("staff.id", optional=True)


class CaregiverEducation(Table, table=True):
    """学历 with what recognises it (教育部承认: 学信网 report or 认证); dated by its day."""

    __tablename__ = "caregiver_education"
    __table_args__ = (
        UniqueConstraint("caregiver_id", "degree"),
        CheckConstraint(
            "(recognised_on IS NULL) = (recognition = '')", name="recognition_is_whole"
        ),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id")
    degree: Degree = chosen_from(Degree)
    school: str = Field(max_length=100)
    subject: str = Field(default="", max_length=60)
    obtained_on: date
    recognition: str = Field(default="", max_length=60, description="Number of the report.")
    recognised_on: date | None = None
    file_id: int | None = refers_to("file.id", optional=True)


class Employment(Table, table=True):
    """聘用: works at a site from a day until the day before `ends_on`.

    Nobody has two full-time employers on one day, but where somebody saw it and allowed it.
    """

    __tablename__ = "employment"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("(ends_on IS NULL) = (leaving_reason IS NULL)", name="leaves_for_a_reason"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name="days_fit_the_fold",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(caregiver_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " caregiver_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            where=text("is_full_time AND NOT overlap_allowed"),
            name="ex_employment_one_full_time",
        ),
        Index("ix_employment_site_id", "site_id", "ends_on"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id", index=True)
    site_id: int = refers_to("site.id")
    post: Post = chosen_from(Post)
    is_front_line: bool = Field(description="一线: gives care with their own hands.")
    is_full_time: bool = True
    on_establishment: bool = Field(default=False, description="在编: a civil servant or 事业编.")
    overlap_allowed: bool = False
    starts_on: date
    ends_on: date | None = None
    leaving_reason: LeavingReason | None = chosen_from(LeavingReason, optional=True)
    recorded_at: datetime = instant()
    recorded_by: int | None = refers_to("staff.id", optional=True)


class EmploymentContract(Table, table=True):
    """劳动合同 within an employment, until the day before `ends_on`; None has no fixed term."""

    __tablename__ = "employment_contract"
    __table_args__ = (
        UniqueConstraint("employment_id", "starts_on"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name="days_fit_the_fold",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(employment_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " employment_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            name="ex_employment_contract_one_a_day",
        ),
    )

    id: int | None = key()
    employment_id: int = refers_to("employment.id")
    number: str = Field(default="", max_length=60)
    starts_on: date
    ends_on: date | None = None
    insurance_payer: InsurancePayer = chosen_from(InsurancePayer)
    insurance_payer_name: str = Field(default="", max_length=120)
    file_id: int | None = refers_to("file.id", optional=True)


class SkillCertificate(Table, table=True):
    """技能等级证书 (国家职业技能标准 2019年版): 5 初级工 … 1 高级技师; good to `valid_until`, that
    day included. `check_code` is what its QR code holds.
    """

    __tablename__ = "skill_certificate"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("check_code"),
        CheckConstraint("level BETWEEN 1 AND 5", name="five_levels"),
        CheckConstraint("valid_until >= issued_on", name="valid_after_issue"),
        CheckConstraint("annulled_on >= issued_on", name="annulled_after_issue"),
        Index("ix_skill_certificate_valid_until", "valid_until"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id", index=True)
    level: int
    number: str = Field(min_length=4, max_length=40)
    issuer: str = Field(min_length=1, max_length=100)
    issued_on: date
    valid_until: date | None = None
    annulled_on: date | None = None
    verified_on: date | None = Field(
        default=None, description="When somebody found it in the issuer's own register."
    )
    check_code: str = Field(min_length=20, max_length=32)
    file_id: int | None = refers_to("file.id", optional=True)
    recorded_at: datetime = instant()


class AttendanceDay(Table, table=True):
    """打卡: a caregiver was at a site on a day, by its clock."""

    __tablename__ = "attendance_day"
    __table_args__ = (CheckConstraint("left_at >= arrived_at", name="left_after_arriving"),)

    caregiver_id: int = Field(
        sa_column=Column(ForeignKey("caregiver.id"), primary_key=True, autoincrement=False)
    )
    site_id: int = Field(
        sa_column=Column(ForeignKey("site.id"), primary_key=True, autoincrement=False)
    )
    day: date = Field(primary_key=True)
    arrived_at: datetime = instant()
    left_at: datetime | None = instant(optional=True)


class AttendanceMonth(Table, table=True):
    """出勤: days that a caregiver was at work at a site in a month, as known at `filed_at`."""

    __tablename__ = "attendance_month"
    __table_args__ = (
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("days BETWEEN 0 AND 31", name="days_of_a_month"),
        Index("ix_attendance_month_site_id", "site_id", "month"),
    )

    caregiver_id: int = Field(
        sa_column=Column(ForeignKey("caregiver.id"), primary_key=True, autoincrement=False)
    )
    site_id: int = Field(
        sa_column=Column(ForeignKey("site.id"), primary_key=True, autoincrement=False)
    )
    month: date = Field(primary_key=True)
    days: int
    source: AttendanceSource = chosen_from(AttendanceSource)
    filed_at: datetime = instant()
    filed_by: int | None = refers_to("staff.id", optional=True)


class ContinuingEducation(Table, table=True):
    """继续教育: minutes of instruction attended on a day, from a course or told with a proof."""

    __tablename__ = "continuing_education"
    __table_args__ = (
        UniqueConstraint("meeting_id", "caregiver_id"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="fits_a_day"),
        Index("ix_continuing_education_caregiver_id", "caregiver_id", "attended_on"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id")
    attended_on: date
    minutes: int
    subject: str = Field(min_length=1, max_length=100)
    told_by: int | None = refers_to("staff.id", optional=True)
    meeting_id: int | None = refers_to("course_meeting.id", optional=True)


class CaregiverBreach(Table, table=True):
    """责任事故或违反职业道德, from the day it happened until it is cleared."""

    __tablename__ = "caregiver_breach"
    __table_args__ = (CheckConstraint("cleared_on >= happened_on", name="cleared_after"),)

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id", index=True)
    site_id: int | None = refers_to("site.id", optional=True)
    kind: BreachKind = chosen_from(BreachKind)
    happened_on: date
    cleared_on: date | None = None
    document: str = Field(min_length=1, max_length=200)
    recorded_at: datetime = instant()
    recorded_by: int | None = refers_to("staff.id", optional=True)
