"""Counts that a facility files for a day; no person is in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.facilities.models import BedKind


class ReturnSource(StrEnum):
    """By which way a return came in."""

    CONSOLE = "console"
    PHONE = "phone"
    FILE = "file"
    API = "api"
    SMS = "sms"


class BedReturn(Table, table=True):
    """床位日报: how many beds of a kind a facility had on a day, and how many were taken.

    One a facility, kind and day; filed again it is corrected, and the trail keeps what it said.
    `is_unchanged`: filed as "the same as yesterday", with the figures of the return before.
    """

    __tablename__ = "bed_return"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "day"),
        CheckConstraint(
            "0 <= occupied AND 0 <= on_leave AND occupied + on_leave <= usable"
            " AND usable <= licensed",
            name="figures_add_up",
        ),
        CheckConstraint("nursing_occupied BETWEEN 0 AND occupied", name="nursing_among_occupied"),
        CheckConstraint(
            "day BETWEEN DATE '2000-01-01' AND DATE '2169-12-31'", name="day_is_believable"
        ),
        Index("ix_bed_return_day", "day"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    kind: BedKind = chosen_from(BedKind)
    day: date
    licensed: int = Field(description="核定床位.")
    usable: int = Field(description="可用床位: neither under repair nor closed.")
    occupied: int = Field(description="在住.")
    on_leave: int = Field(description="请假、住院保留.")
    nursing_occupied: int | None = Field(
        default=None, description="护理型床位在住; not asked for by text message."
    )
    is_unchanged: bool = False
    source: ReturnSource = chosen_from(ReturnSource)
    filed_at: datetime = instant()
    filed_by: int | None = refers_to("staff.id", optional=True)


class DailyReport(Table, table=True):
    """日报: how a facility's day was. One a facility and day; filed again it is corrected.

    `is_zero` is a 零报告: filed by one tap, nothing happened, which is another thing than silence.
    """

    __tablename__ = "daily_report"
    __table_args__ = (
        UniqueConstraint("site_id", "day"),
        CheckConstraint(
            "0 <= occupants AND 0 <= came_in AND 0 <= went_out AND 0 <= fever AND 0 <= ill",
            name="counts_not_negative",
        ),
        CheckConstraint("fever <= occupants AND ill <= occupants", name="ill_among_occupants"),
        CheckConstraint(
            "NOT is_zero OR came_in + went_out + fever + ill = 0 AND hazards = ''"
            " AND supplies = ''",
            name="zero_is_zero",
        ),
        Index("ix_daily_report_day", "day"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    day: date
    occupants: int = Field(description="在院人数.")
    came_in: int = Field(default=0, description="入住.")
    went_out: int = Field(default=0, description="离院.")
    fever: int = Field(default=0, description="发热.")
    ill: int = Field(default=0, description="其他生病.")
    hazards: str = Field(default="", max_length=400, description="隐患.")
    supplies: str = Field(default="", max_length=400, description="物资.")
    is_zero: bool = False
    source: ReturnSource = chosen_from(ReturnSource)
    filed_at: datetime = instant()
    filed_by: int | None = refers_to("staff.id", optional=True)


class ApiKeySite(Table, table=True):
    """A facility for which the holder of a key may file; a key without any files for none."""

    __tablename__ = "api_key_site"

    api_key_id: int = Field(
        sa_column=Column(ForeignKey("api_key.id"), primary_key=True, autoincrement=False)
    )
    site_id: int = Field(
        sa_column=Column(ForeignKey("site.id"), primary_key=True, autoincrement=False)
    )
