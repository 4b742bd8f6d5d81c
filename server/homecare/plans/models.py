"""The catalogue of services at home, and care plans with their versions."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to, words


class ServiceCategory(StrEnum):
    LIFE = "life"  # 生活照料
    NURSING = "nursing"  # 护理
    REHABILITATION = "rehabilitation"  # 康复
    COMPANY = "company"  # 精神慰藉


class PlanState(StrEnum):
    """Where a plan stands. One that counts is agreed; an earlier one is replaced, and kept."""

    DRAFTED = "drafted"  # 待确认
    AGREED = "agreed"  # 已确认
    REPLACED = "replaced"  # 已替换
    DECLINED = "declined"  # 未同意
    WITHDRAWN = "withdrawn"  # 已撤回


class CareService(Table, table=True):
    """A service of the city's catalogue, as it holds from a day on."""

    __tablename__ = "care_service"
    __table_args__ = (
        UniqueConstraint("code", "starts_on"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_are_believable"),
        CheckConstraint("price_fen >= 0", name="price_is_not_negative"),
    )

    id: int | None = key()
    code: str = Field(max_length=40)
    name_zh: str = Field(max_length=40)
    name_en: str = Field(max_length=80)
    category: ServiceCategory = chosen_from(ServiceCategory)
    minutes: int
    price_fen: int = fen()
    starts_on: date


class CarePlan(Table, table=True):
    """照护计划: what is done at a bed at home, how often and by whom.

    A version counts from the day it is agreed, by the elder or by a helper; then the one before is
    replaced. There is one agreed and one drafted version of a bed at most.
    """

    __tablename__ = "care_plan"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('agreed', 'replaced')) = (agreed_at IS NOT NULL)", name="agreed_at_a_time"
        ),
        Index(
            "uq_care_plan_one_agreed",
            "home_bed_id",
            unique=True,
            postgresql_where=text("state = 'agreed'"),
        ),
        Index(
            "uq_care_plan_one_drafted",
            "home_bed_id",
            unique=True,
            postgresql_where=text("state = 'drafted'"),
        ),
        Index("ix_care_plan_resident_id", "resident_id"),
        Index("ix_care_plan_site_id", "site_id", "state"),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    state: PlanState = chosen_from(PlanState)
    starts_on: date = Field(description="The first day of visits by this version.")
    note: str = Field(default="", max_length=400)
    drafted_at: datetime = instant()
    drafted_by: int | None = refers_to("staff.id", optional=True)
    agreed_at: datetime | None = instant(optional=True)
    agreed_by: int | None = refers_to("account.id", optional=True)


class CarePlanItem(Table, table=True):
    """One visit of the week's pattern: its weekdays, its hour, its services and who is wished."""

    __tablename__ = "care_plan_item"
    __table_args__ = (
        CheckConstraint("cardinality(weekdays) BETWEEN 1 AND 7", name="on_some_days"),
        CheckConstraint("weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]", name="on_days_of_the_week"),
        CheckConstraint("cardinality(services) >= 1", name="for_something"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_are_believable"),
        Index("ix_care_plan_item_plan_id", "plan_id"),
    )

    id: int | None = key()
    plan_id: int = refers_to("care_plan.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    services: list[str] = words(description="Codes of the catalogue.")
    weekdays: list[int] = Field(
        sa_column=Column(ARRAY(Integer), nullable=False), description="1 is Monday."
    )
    starts: time
    minutes: int
    worker_id: int = refers_to("staff.id")
