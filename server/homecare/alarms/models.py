"""Calls for help from homes, what became of each, and whom to call."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to


class AlarmKind(StrEnum):
    """What a device calls for."""

    SOS = "sos"  # 紧急呼叫
    FALL = "fall"  # 跌倒
    SMOKE_GAS = "smoke_gas"  # 烟雾、燃气
    VITAL_SIGN = "vital_sign"  # 生命体征异常


class AlarmState(StrEnum):
    """Where a call for help stands, in the order in which it goes."""

    RAISED = "raised"  # 已报警
    CALLED = "called"  # 呼叫中
    ACKNOWLEDGED = "acknowledged"  # 处理中
    CLOSED = "closed"  # 已办结


class AlarmOutcome(StrEnum):
    """How it ended."""

    FALSE_ALARM = "false_alarm"  # 误报
    HELPED = "helped"  # 已到场处理
    CALLED_120 = "called_120"  # 已转 120


class CalleeKind(StrEnum):
    """Who is called."""

    CONTACT = "contact"  # 联系人
    DUTY = "duty"  # 机构值班
    COMMUNITY = "community"  # 社区工作者
    EMERGENCY = "emergency"  # 120, which the provider calls: no message goes there


class HomeCallee(Table, table=True):
    """紧急呼叫顺序: whom the provider wrote down to be called for one bed, in which order.

    A bed without any is called for by the order that `alarm_callees` makes of what is known.
    """

    __tablename__ = "home_callee"
    __table_args__ = (
        UniqueConstraint("home_bed_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 9", name="place_is_small"),
        CheckConstraint("(kind = 'emergency') = (phone = '')", name="has_a_phone"),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    place: int = Field(ge=1, le=9)
    kind: CalleeKind = chosen_from(CalleeKind)
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=20)


class HomeAlarm(Table, table=True):
    """报警: one call for help, from the first signal until somebody says how it ended.

    A device has one open alarm of a kind: what it tells meanwhile is counted in `signals`. The
    next in the order is called at `next_at`; None when nobody is left, or somebody has it in hand.
    """

    __tablename__ = "home_alarm"
    __table_args__ = (
        CheckConstraint("signals > 0 AND calls >= 0", name="counts_are_believable"),
        CheckConstraint(
            "(state IN ('acknowledged', 'closed')) = (acknowledged_at IS NOT NULL)"
            " AND (acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name="acknowledged_is_whole",
        ),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)"
            " AND (closed_at IS NULL) = (outcome IS NULL)",
            name="closed_is_whole",
        ),
        CheckConstraint(
            "next_at IS NULL OR acknowledged_at IS NULL", name="nobody_is_called_in_hand"
        ),
        CheckConstraint("closed_at >= acknowledged_at", name="closed_after_acknowledged"),
        Index(
            "uq_home_alarm_one_open",
            "device_id",
            "kind",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_home_alarm_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_home_alarm_open", "site_id", postgresql_where=text("state <> 'closed'")),
        Index("ix_home_alarm_site_id", "site_id", "raised_at"),
        Index("ix_home_alarm_home_bed_id", "home_bed_id"),
        Index("ix_home_alarm_resident_id", "resident_id"),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    device_id: int = refers_to("care_device.id")
    kind: AlarmKind = chosen_from(AlarmKind)
    state: AlarmState = chosen_from(AlarmState, default=AlarmState.RAISED)
    happened_at: datetime = instant(description="By the device's clock, whatever it says.")
    raised_at: datetime = instant(description="When it reached the platform.")
    signals: int = Field(default=1, description="How often the device called meanwhile.")
    last_signal_at: datetime = instant()
    calls: int = Field(default=0, description="The last place of the order that was called.")
    next_at: datetime | None = instant(optional=True)
    acknowledged_at: datetime | None = instant(optional=True)
    acknowledged_by: int | None = refers_to("staff.id", optional=True)
    closed_at: datetime | None = instant(optional=True)
    outcome: AlarmOutcome | None = chosen_from(AlarmOutcome, optional=True)
    note: str = Field(default="", max_length=400)


class AlarmSignal(Table, table=True):
    """One signal of a device by its own key, which is known for ever: sent again it is no other."""

    __tablename__ = "alarm_signal"
    __table_args__ = (
        UniqueConstraint("device_id", "event_id"),
        Index("ix_alarm_signal_alarm_id", "alarm_id"),
    )

    id: int | None = key()
    alarm_id: int = refers_to("home_alarm.id")
    device_id: int = refers_to("care_device.id")
    event_id: str = Field(min_length=1, max_length=80)
    kind: AlarmKind = chosen_from(AlarmKind)
    at: datetime = instant(description="By the device's clock.")
    received_at: datetime = instant()


class AlarmStep(Table, table=True):
    """What happened with an alarm, once each; nothing of it is rewritten.

    `number` is the place of the order that was called, 0 for what is no call.
    """

    __tablename__ = "alarm_step"
    __table_args__ = (
        UniqueConstraint("alarm_id", "state", "number"),
        CheckConstraint(
            "(state = 'called') = (number > 0) AND (state = 'called') = (callee IS NOT NULL)",
            name="calls_are_whole",
        ),
    )

    id: int | None = key()
    alarm_id: int = refers_to("home_alarm.id")
    state: AlarmState = chosen_from(AlarmState)
    number: int = 0
    at: datetime = instant()
    callee: CalleeKind | None = chosen_from(CalleeKind, optional=True)
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=20)
    staff_id: int | None = refers_to("staff.id", optional=True)
    note: str = Field(default="", max_length=400)
