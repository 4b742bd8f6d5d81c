"""One row for everything anybody was reminded of; the row decides that it was said once."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to

ReminderId = NewType("ReminderId", int)


class ReminderKind(StrEnum):
    """What a reminder is about; each has its own ladder of days."""

    WINDOW_OPENS = "window_opens"  # 申领开始
    WINDOW_CLOSES = "window_closes"  # 申领截止
    PAPERS = "papers"  # 材料缺失
    INSTALMENT = "instalment"  # 入职奖励周年
    CERTIFICATE = "certificate"  # 证书到期
    CONTRACT = "contract"  # 合同到期
    EDUCATION = "education"  # 继续教育学时不足
    ATTENDANCE = "attendance"  # 出勤不足
    SITE_DIGEST = "site_digest"  # 单位每日汇总
    COUNTY_LIST = "county_list"  # 县区清单


OF_CAREGIVERS = tuple(
    kind
    for kind in ReminderKind
    if kind not in (ReminderKind.SITE_DIGEST, ReminderKind.COUNTY_LIST)
)


class Reminder(Table, table=True):
    """A caregiver, a site or a county is reminded of something on a day, in `rung` days of it.

    `subject` says what it is about, without personal data; `site_id` is who employs the caregiver.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("subject", "kind", "due_on", "recipient", name="uq_reminder_once"),
        UniqueConstraint("subject", "kind", "rung", "recipient", name="uq_reminder_one_a_rung"),
        CheckConstraint("num_nonnulls(caregiver_id, site_id, county_code) > 0", name="is_for_one"),
        CheckConstraint("done_on >= due_on", name="done_after"),
        Index("ix_reminder_due_on", "due_on", "id"),
        Index("ix_reminder_caregiver_id", "caregiver_id", "due_on"),
        Index("ix_reminder_site_id", "site_id", "due_on"),
    )

    id: int | None = key()
    kind: ReminderKind = chosen_from(ReminderKind)
    subject: str = Field(max_length=80)
    rung: int = Field(description="Days from the day it is about; negative before it.")
    recipient: str = Field(max_length=40)
    caregiver_id: int | None = refers_to("caregiver.id", optional=True)
    site_id: int | None = refers_to("site.id", optional=True)
    county_code: str | None = Field(
        default=None, sa_column=Column(Text, ForeignKey("division.code"), nullable=True)
    )
    about_on: date
    due_on: date
    facts: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    reached: bool = Field(description="Somebody could be written to.")
    asked_at: datetime = instant()
    done_on: date | None = Field(default=None, description="When what it names was put right.")
