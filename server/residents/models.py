"""Residents, their dated states, the accounts that act for them, and who opened their file."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed, words

ResidentId = NewType("ResidentId", int)

ID_NUMBER_FIELD = "resident.id_number"
DOCUMENT_FIELD = "identity_document.number"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class HardshipTier(StrEnum):
    """困难类别; `none` is the absence of a period."""

    TEKUN = "tekun"  # 特困 (分散供养)
    TEKUN_IN_CARE = "tekun_in_care"  # 特困 (集中供养)
    DIBAO = "dibao"  # 低保
    DIBIAN = "dibian"  # 低保边缘
    NONE = "none"


class SpecialCare(StrEnum):
    """特殊困难类型: why someone is called on (民政部等《特殊困难老年人探访关爱服务》, [S95])."""

    LIVING_ALONE = "living_alone"  # 独居
    EMPTY_NEST = "empty_nest"  # 空巢
    LEFT_BEHIND = "left_behind"  # 留守
    CHILDLESS = "childless"  # 计划生育特殊家庭 (失独)
    SEVERELY_DISABLED = "severely_disabled"  # 重残
    INCAPACITATED = "incapacitated"  # 失能失智


class GrantKind(StrEnum):
    SELF = "self"
    HELPER = "helper"


class HelperScope(StrEnum):
    """What a helper may do for a resident; one's own account may do all of it."""

    BOOK_MEALS = "book_meals"
    SEE_VISITS = "see_visits"
    APPLY = "apply"
    SEE_HEALTH = "see_health"


class Relation(StrEnum):
    """Who a helper is to the resident."""

    CHILD = "child"
    SPOUSE = "spouse"
    RELATIVE = "relative"
    NEIGHBOUR = "neighbour"
    COMMUNITY = "community"
    OTHER = "other"


class DocumentKind(StrEnum):
    """What people without a mainland ID number show instead."""

    HONG_KONG_MACAU_PERMIT = "hong_kong_macau_permit"  # 港澳居民居住证 (国办发〔2018〕81号)
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民居住证 (国办发〔2018〕81号)
    FOREIGN_PERMANENT = "foreign_permanent"  # 外国人永久居留身份证
    PASSPORT = "passport"  # 护照


class Resident(Table, table=True):
    """老年人: an elderly person the city knows.

    Somebody entered twice is `merged_into` the one that is kept, and is from then on found nowhere.
    """

    __tablename__ = "resident"
    __table_args__ = (
        UniqueConstraint("id_number_digest"),
        CheckConstraint("died_on >= born_on", name="died_after_birth"),
        CheckConstraint("moved_away_on >= born_on", name="moved_after_birth"),
        CheckConstraint(
            "(id_number_cipher IS NULL) = (id_number_digest IS NULL)", name="id_number_is_whole"
        ),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("(home_x IS NULL) = (home_y IS NULL)", name="home_is_whole"),
        Index(
            "ix_resident_merged_into_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_resident_village_code",
            "village_code",
            postgresql_ops={"village_code": "text_pattern_ops"},
        ),
        Index("ix_resident_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ix_resident_pinyin", "pinyin", postgresql_ops={"pinyin": "text_pattern_ops"}),
        Index("ix_resident_initials", "initials", postgresql_ops={"initials": "text_pattern_ops"}),
    )

    id: int | None = key()
    name: str = Field(min_length=1, max_length=60)
    pinyin: str = Field(default="", max_length=120)
    initials: str = Field(default="", max_length=30)
    sex: Sex = chosen_from(Sex)
    born_on: date
    id_number_cipher: bytes | None = sealed(optional=True)
    id_number_digest: bytes | None = sealed(optional=True)
    village_code: str = Field(sa_column=Column(Text, ForeignKey("division.code"), nullable=False))
    address: str = Field(default="", max_length=300)
    phone: str | None = Field(default=None, max_length=20, index=True)
    usual_canteen_id: int | None = refers_to("site.id", optional=True)
    home_x: float | None = Field(
        default=None, description="Longitude of the home, from the day somebody measured it there."
    )
    home_y: float | None = None
    died_on: date | None = None
    moved_away_on: date | None = None
    merged_into_id: int | None = refers_to("resident.id", optional=True)


class HardshipPeriod(Table, table=True):
    """困难类别 of a resident from `starts_on` until the day before `ends_on`."""

    __tablename__ = "hardship_period"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_not_before_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name="days_fit_the_fold",
        ),
        CheckConstraint("tier <> 'none'", name="tier_is_a_hardship"),
        ExcludeConstraint(
            (
                text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            name="ex_hardship_period_one_tier_a_day",
        ),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    tier: HardshipTier = chosen_from(HardshipTier)
    starts_on: date
    ends_on: date | None = None


class SpecialCarePeriod(Table, table=True):
    """特殊困难类型 of a resident, until the day before `ends_on`; several may hold at once."""

    __tablename__ = "special_care_period"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_not_before_start"),
        Index(
            "uq_special_care_period_open",
            "resident_id",
            "care",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    care: SpecialCare = chosen_from(SpecialCare)
    starts_on: date
    ends_on: date | None = None


class ResidentGrant(Table, table=True):
    """代办人/亲情账号: an account may act for a resident, within scopes, until a day.

    A grant taken back on its first day keeps that day as its end, and never held.
    """

    __tablename__ = "resident_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "resident_id", "starts_on", name="uq_resident_grant_once"),
        CheckConstraint("ends_on >= starts_on", name="ends_not_before_start"),
        CheckConstraint(
            "scopes <@ ARRAY['book_meals', 'see_visits', 'apply', 'see_health']",
            name="scopes_are_known",
        ),
    )

    id: int | None = key()
    account_id: int = refers_to("account.id")
    resident_id: int = refers_to("resident.id", index=True)
    kind: GrantKind = chosen_from(GrantKind)
    scopes: list[str] = words()
    holder_name: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    relation: Relation | None = chosen_from(Relation, optional=True)
    starts_on: date
    ends_on: date | None = None


class HelperCode(Table, table=True):
    """代办码: the one code that a resident shows to whoever shall help; good once, ten minutes."""

    __tablename__ = "helper_code"
    __table_args__ = (
        UniqueConstraint("code_digest"),
        CheckConstraint("expires_at > made_at", name="expires_after_made"),
        CheckConstraint(
            "scopes <@ ARRAY['book_meals', 'see_visits', 'apply', 'see_health']",
            name="scopes_are_known",
        ),
    )

    resident_id: int = Field(
        sa_column=Column(ForeignKey("resident.id"), primary_key=True, autoincrement=False)
    )
    code_digest: bytes = sealed()
    scopes: list[str] = words()
    made_at: datetime = instant()
    expires_at: datetime = instant()


class CareLink(Table, table=True):
    """A site cares for a resident from a day to a day, and may therefore know who that is."""

    __tablename__ = "care_link"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="ends_after_start"),)

    resident_id: int = Field(
        sa_column=Column(ForeignKey("resident.id"), primary_key=True, autoincrement=False)
    )
    site_id: int = Field(
        sa_column=Column(ForeignKey("site.id"), primary_key=True, autoincrement=False, index=True)
    )
    starts_on: date
    ends_on: date


class Opening(Table, table=True):
    """A staff member opened a resident's file, for a reason and for half an hour.

    `is_export`: the resident stood in a file that was taken along; that opens nothing.
    """

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("expires_at > opened_at", name="ends_after_start"),
        CheckConstraint("length(btrim(reason)) >= 2", name="reason_is_said"),
        Index("ix_opening_resident_id", "resident_id", "opened_at"),
        Index("ix_opening_staff_id", "staff_id", "resident_id", "expires_at"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    staff_id: int = refers_to("staff.id")
    reason: str = Field(max_length=200)
    opened_at: datetime = instant()
    expires_at: datetime = instant()
    is_export: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class IdentityDocument(Table, table=True):
    """其他身份证件: by which somebody without a mainland ID number is known, and found."""

    __tablename__ = "identity_document"
    __table_args__ = (
        UniqueConstraint("number_digest", "kind", name="uq_identity_document_number"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    kind: DocumentKind = chosen_from(DocumentKind)
    number_cipher: bytes = sealed()
    number_digest: bytes = sealed()
    expires_on: date | None = None


class ResidentContact(Table, table=True):
    """联系人: who is called about a resident, in which order, and whether in an emergency."""

    __tablename__ = "resident_contact"
    __table_args__ = (
        UniqueConstraint("resident_id", "phone", name="uq_resident_contact_phone"),
        CheckConstraint("call_order BETWEEN 1 AND 9", name="order_is_small"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    name: str = Field(min_length=1, max_length=60)
    relation: Relation = chosen_from(Relation)
    phone: str = Field(max_length=20)
    is_emergency: bool = False
    call_order: int = 1
    note: str = Field(default="", max_length=100)
