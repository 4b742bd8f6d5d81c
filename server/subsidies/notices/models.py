"""Notices of what runs pay, and objections to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed

CONTACT_FIELD = "subsidy_objection.contact"


class Via(StrEnum):
    """How an objection came."""

    PAGE = "page"  # 公示页面
    PHONE = "phone"  # 手机
    WINDOW = "window"  # 窗口


class SubsidyNotice(Table, table=True):
    """公示: the masked list of an approved run, for everybody, from a day to a day, both counted.

    It has ended only when its last day is over. A run has one; withdrawn, it begins anew.
    """

    __tablename__ = "subsidy_notice"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("ends_on >= starts_on + days - 1", name="lasts_its_days"),
        CheckConstraint(
            "(ended_at AT TIME ZONE 'Asia/Shanghai')::date > ends_on", name="ends_after_its_days"
        ),
        CheckConstraint("num_nonnulls(ended_at, withdrawn_at) <= 1", name="ends_one_way"),
        CheckConstraint("withdrawn_at IS NULL OR words <> ''", name="withdrawn_with_words"),
        Index(
            "uq_subsidy_notice_one_stands",
            "run_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = key()
    run_id: int = refers_to("subsidy_run.id")
    code: str = Field(min_length=16, max_length=40)
    starts_on: date
    ends_on: date
    days: int = Field(sa_column=Column(SmallInteger, nullable=False))
    shows_amounts: bool = True
    published_at: datetime = instant()
    published_by: int | None = refers_to("staff.id", optional=True)
    ended_at: datetime | None = instant(optional=True)
    withdrawn_at: datetime | None = instant(optional=True)
    withdrawn_by: int | None = refers_to("staff.id", optional=True)
    words: str = Field(default="", max_length=400)


class SubsidyObjection(Table, table=True):
    """异议: what somebody said against a notice, by when it is answered, and what came of it."""

    __tablename__ = "subsidy_objection"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(answered_at, answer, is_upheld) IN (0, 3)", name="answered_is_whole"
        ),
        CheckConstraint("length(said) BETWEEN 2 AND 400", name="says_something"),
        Index("ix_subsidy_objection_notice_id", "notice_id"),
        Index(
            "ix_subsidy_objection_open",
            "due_on",
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: int | None = key()
    notice_id: int = refers_to("subsidy_notice.id")
    line_number: int | None = Field(default=None, description="The line it is about, if one.")
    said: str = Field(max_length=400)
    contact_cipher: bytes | None = sealed(optional=True)
    contact_digest: bytes | None = sealed(optional=True)
    via: Via = chosen_from(Via)
    received_at: datetime = instant()
    received_by: int | None = refers_to("staff.id", optional=True)
    account_id: int | None = refers_to("account.id", optional=True)
    due_on: date
    answer: str | None = Field(default=None, max_length=400)
    is_upheld: bool | None = None
    answered_at: datetime | None = instant(optional=True)
    answered_by: int | None = refers_to("staff.id", optional=True)
