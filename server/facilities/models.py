"""Beds and stays. One table holds what takes a bed, so that one constraint keeps each promise:
nobody else in a bed that is taken, and nobody in two beds at once."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, words

BedId = NewType("BedId", int)
StayId = NewType("StayId", int)


class BedKind(StrEnum):
    """五床."""

    INSTITUTION = "institution"  # 养老机构床位
    MEDICAL = "medical"  # 医疗床位
    HOME_CARE = "home_care"  # 家庭养老床位
    HOME_SICKBED = "home_sickbed"  # 家庭病床
    HOSPICE = "hospice"  # 安宁疗护床位


AT_PEOPLES_HOMES = (BedKind.HOME_CARE, BedKind.HOME_SICKBED)


def kinds_counted(asked: BedKind | None) -> tuple[BedKind, ...]:
    """Return the kinds of beds that a count is of: the one asked for, or all in houses.

    Beds in people's own homes are reported by themselves (domain.md §2.5).
    """
    return (asked,) if asked else tuple(one for one in BedKind if one not in AT_PEOPLES_HOMES)


class BedState(StrEnum):
    """What takes a bed; a bed that nothing takes is free."""

    HELD = "held"  # 预订
    OCCUPIED = "occupied"  # 占用
    ON_LEAVE = "on_leave"  # 请假保留: at home for some days, and still of this bed
    IN_HOSPITAL = "in_hospital"  # 住院保留: kept, while another bed may care
    UNDER_REPAIR = "under_repair"  # 维修
    CLOSED = "closed"  # 停用
    OTHER_USE = "other_use"  # 转作他用


class StayStatus(StrEnum):
    HELD = "held"
    STAYING = "staying"
    AWAY = "away"  # in hospital, the bed not kept
    ENDED = "ended"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class EndReason(StrEnum):
    WENT_HOME = "went_home"  # 回家
    TRANSFERRED = "transferred"  # 转介
    TO_HOSPITAL = "to_hospital"  # 住院, 不再返回
    OTHER_HOME = "other_home"  # 转其他机构
    CONTRACT_ENDED = "contract_ended"  # 合同到期
    DIED = "died"  # 离世
    MOVED_AWAY = "moved_away"  # 迁出
    OTHER = "other"


OF_A_PERSON = (BedState.HELD, BedState.OCCUPIED, BedState.ON_LEAVE, BedState.IN_HOSPITAL)
OUT_OF_USE = (BedState.UNDER_REPAIR, BedState.CLOSED, BedState.OTHER_USE)


def _listed(states: tuple[BedState, ...]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


def number(*, optional: bool = False) -> Any:
    """A column whose reference, over several columns, stands with the table."""
    given: dict[str, Any] = {"default": None} if optional else {}
    return Field(sa_column=Column(BigInteger, nullable=optional), **given)


def days_of(column: str) -> str:
    """The days of a row, folded with a number so that btree_gist is not needed.

    `column` is the number whose days may not meet. Days lie between 1900-01-01 and 2170-01-01.
    """
    return (
        f"int8range({column} * 100000 + (starts_on - DATE '1900-01-01'),"
        f" {column} * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
    )


DAYS_FIT = "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')"


class Room(Table, table=True):
    """A room of a facility, on a floor."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        UniqueConstraint("id", "site_id", name="uq_room_of_a_site"),
        CheckConstraint("floor BETWEEN -5 AND 100", name="floor_is_believable"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    floor: int = Field(ge=-5, le=100)
    name: str = Field(min_length=1, max_length=20)


class Bed(Table, table=True):
    """床位: a place to sleep, in a room of a facility or, for the two kinds at home, in a home.

    A bed is never deleted: it is closed from a day on. `ready` tells whether it was cleaned since
    somebody left it.
    """

    __tablename__ = "bed"
    __table_args__ = (
        UniqueConstraint("site_id", "label"),
        UniqueConstraint("id", "site_id", "kind", name="uq_bed_of_a_site"),
        ForeignKeyConstraint(
            ["room_id", "site_id"], ["room.id", "room.site_id"], name="fk_bed_room"
        ),
        CheckConstraint(
            "(room_id IS NULL) = (kind IN ('home_care', 'home_sickbed'))", name="stands_in_a_room"
        ),
        Index("ix_bed_room_id", "room_id"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    room_id: int | None = number(optional=True)
    kind: BedKind = chosen_from(BedKind)
    label: str = Field(min_length=1, max_length=30)
    is_nursing: bool = Field(default=False, description="护理型床位.")
    nursing_evidence: list[str] = words(description="Why it counts as a nursing bed.")
    opened_on: date
    recorded_at: datetime = instant()
    left_uncleaned_at: datetime | None = instant(optional=True)


class Stay(Table, table=True):
    """入住: one person's time at one facility, from the hold to the last day.

    `admitted_on` is the first night, `ended_on` the day of leaving, which is no night any more.
    """

    __tablename__ = "stay"
    __table_args__ = (
        UniqueConstraint("id", "resident_id", "site_id", "kind", name="uq_stay_of_a_resident"),
        CheckConstraint(
            "(status IN ('staying', 'away', 'ended')) = (admitted_on IS NOT NULL)",
            name="admitted_when_it_began",
        ),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended_on_a_day"),
        CheckConstraint("(status = 'ended') = (end_reason IS NOT NULL)", name="ended_for_a_reason"),
        CheckConstraint("ended_on >= admitted_on", name="ended_after_it_began"),
        CheckConstraint("hold_until > planned_on", name="held_for_a_day"),
        Index("ix_stay_site_id", "site_id", "status"),
        Index("ix_stay_resident_id", "resident_id"),
        Index(
            "uq_stay_one_hold",
            "resident_id",
            unique=True,
            postgresql_where=text("status = 'held'"),
        ),
        Index(
            "uq_stay_one_at_a_site",
            "resident_id",
            "site_id",
            unique=True,
            postgresql_where=text("status IN ('staying', 'away')"),
        ),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    kind: BedKind = chosen_from(BedKind)
    status: StayStatus = chosen_from(StayStatus)
    planned_on: date
    hold_until: date = Field(description="The first day on which an unused hold counts no more.")
    admitted_on: date | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = chosen_from(EndReason, optional=True)
    note: str = Field(default="", max_length=200)


class BedOccupancy(Table, table=True):
    """What takes a bed from a day until the day before `ends_on`, and how it came to be known.

    A row that turns out wrong is superseded, never deleted, and counts no more. `recorded_at`,
    `end_recorded_at` and `superseded_at` tell what was known at any moment.
    """

    __tablename__ = "bed_occupancy"
    __table_args__ = (
        ForeignKeyConstraint(
            ["bed_id", "site_id", "kind"],
            ["bed.id", "bed.site_id", "bed.kind"],
            name="fk_bed_occupancy_bed",
        ),
        ForeignKeyConstraint(
            ["stay_id", "resident_id", "site_id", "kind"],
            ["stay.id", "stay.resident_id", "stay.site_id", "stay.kind"],
            name="fk_bed_occupancy_stay",
            onupdate="CASCADE",
        ),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(DAYS_FIT, name="days_fit_the_fold"),
        CheckConstraint(
            f"(state IN ({_listed(OF_A_PERSON)})) = (stay_id IS NOT NULL)",
            name="people_have_stays",
        ),
        CheckConstraint(
            "(stay_id IS NULL) = (resident_id IS NULL)", name="stay_and_resident_go_together"
        ),
        CheckConstraint(
            "superseded_at IS NOT NULL OR (ends_on IS NULL) = (end_recorded_at IS NULL)",
            name="end_was_recorded",
        ),
        ExcludeConstraint(
            (text(days_of("bed_id")), "&&"),
            name="ex_bed_occupancy_one_in_a_bed",
            where=text("superseded_at IS NULL"),
        ),
        # In hospital a kept bed waits while a medical bed may care for the same person: another bed
        # to live in is refused as long as one is kept.
        ExcludeConstraint(
            (text(days_of("resident_id")), "&&"),
            name="ex_bed_occupancy_one_bed_each",
            where=text("superseded_at IS NULL AND state IN ('occupied', 'on_leave')"),
        ),
        ExcludeConstraint(
            (text(days_of("resident_id")), "&&"),
            name="ex_bed_occupancy_one_bed_kept",
            where=text(
                "superseded_at IS NULL AND (state = 'in_hospital'"
                " OR state IN ('occupied', 'on_leave') AND kind <> 'medical')"
            ),
        ),
        Index("ix_bed_occupancy_bed_id", "bed_id", "starts_on"),
        Index("ix_bed_occupancy_site_id", "site_id", "starts_on"),
        Index("ix_bed_occupancy_stay_id", "stay_id"),
        # What takes beds today is a tenth of three years: open ends are found beside late ones.
        Index(
            "ix_bed_occupancy_ends_on", "ends_on", postgresql_where=text("superseded_at IS NULL")
        ),
        Index("ix_bed_occupancy_resident_id", "resident_id"),
    )

    id: int | None = key()
    bed_id: int = number()
    site_id: int = refers_to("site.id")
    kind: BedKind = chosen_from(BedKind)
    state: BedState = chosen_from(BedState)
    stay_id: int | None = number(optional=True)
    resident_id: int | None = refers_to("resident.id", optional=True)
    starts_on: date
    ends_on: date | None = None
    reason: str = Field(default="", max_length=200)
    recorded_at: datetime = instant()
    end_recorded_at: datetime | None = instant(optional=True)
    superseded_at: datetime | None = instant(optional=True)


class BedLicence(Table, table=True):
    """备案核定床位: how many beds of a kind a facility may run from a day until the next row."""

    __tablename__ = "bed_licence"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "starts_on"),
        CheckConstraint("0 <= nursing AND nursing <= licensed", name="nursing_among_licensed"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    kind: BedKind = chosen_from(BedKind)
    licensed: int = Field(ge=0)
    nursing: int = Field(default=0, ge=0)
    document: str = Field(default="", max_length=200)
    starts_on: date


class BoardVersion(Table, table=True):
    """Counts up with each change of a facility's beds, so that a board is drawn only when needed.

    Kept by triggers alone.
    """

    __tablename__ = "board_version"

    site_id: int = Field(
        sa_column=Column(ForeignKey("site.id"), primary_key=True, autoincrement=False)
    )
    version: int = number()
