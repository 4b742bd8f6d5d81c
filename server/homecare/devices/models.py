"""Devices in homes, and the days on which they were heard."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to


class DeviceKind(StrEnum):
    """What is put up in a home (domain.md §1b, Nanjing, S21); the last four tell nothing."""

    NETWORK_HUB = "network_hub"  # 网关
    VIDEO = "video"  # 视频
    EMERGENCY_CALL = "emergency_call"  # 紧急呼叫
    VITAL_SIGN = "vital_sign"  # 生命体征
    SMOKE_GAS = "smoke_gas"  # 烟感、燃气
    ANTI_SLIP = "anti_slip"  # 防滑
    TOILET_RAIL = "toilet_rail"  # 扶手
    BATH_CHAIR = "bath_chair"  # 沐浴椅
    OTHER = "other"


TELL_NOTHING = (
    DeviceKind.ANTI_SLIP,
    DeviceKind.TOILET_RAIL,
    DeviceKind.BATH_CHAIR,
    DeviceKind.OTHER,
)


# By which somebody in need calls for help.
CALLS_FOR_HELP = (DeviceKind.EMERGENCY_CALL,)
_BOUGHT = "moved_from_id IS NULL"


class CareDevice(Table, table=True):
    """设备: one thing put up in one home. A serial number is in one place in the whole city, and a
    line of an invoice pays for one device (domain.md §5.2 row 14).

    What goes to another home is taken away and put up anew as a row that says `moved_from_id`: it
    costs nothing again, and only so does a serial number stand in a second row.
    """

    __tablename__ = "care_device"
    __table_args__ = (
        Index(
            "uq_care_device_serial",
            "serial",
            unique=True,
            postgresql_where=text("removed_on IS NULL"),
        ),
        Index("uq_care_device_bought", "serial", unique=True, postgresql_where=text(_BOUGHT)),
        Index(
            "uq_care_device_invoice_number_invoice_line",
            "invoice_number",
            "invoice_line",
            unique=True,
            postgresql_where=text(_BOUGHT),
        ),
        Index("uq_care_device_moved_from_id", "moved_from_id", unique=True),
        CheckConstraint(f"{_BOUGHT} OR price_fen = 0", name="moved_costs_nothing"),
        CheckConstraint("price_fen >= 0", name="price_is_not_negative"),
        CheckConstraint("invoice_line BETWEEN 1 AND 999", name="line_is_believable"),
        CheckConstraint("removed_on >= installed_on", name="removed_after_installing"),
        Index("ix_care_device_home_bed_id", "home_bed_id"),
    )

    id: int | None = key()
    serial: str = Field(min_length=1, max_length=60)
    kind: DeviceKind = chosen_from(DeviceKind)
    home_bed_id: int = refers_to("home_bed.id")
    invoice_number: str = Field(min_length=1, max_length=40)
    invoice_line: int = Field(ge=1, le=999)
    price_fen: int = fen()
    installed_on: date
    photo_file_id: int | None = refers_to("file.id", optional=True)
    removed_on: date | None = None
    moved_from_id: int | None = refers_to("care_device.id", optional=True)


class DeviceDay(Table, table=True):
    """How often a device was heard on a day, first and last: one row a day, not one a beat."""

    __tablename__ = "device_day"
    __table_args__ = (CheckConstraint("beats > 0", name="was_heard"),)

    device_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("care_device.id"), primary_key=True, autoincrement=False
        )
    )
    day: date = Field(primary_key=True)
    beats: int
    first_at: datetime = instant()
    last_at: datetime = instant()
