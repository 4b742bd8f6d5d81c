"""Organisations that provide care, and their sites."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to, words

ProviderId = NewType("ProviderId", int)
SiteId = NewType("SiteId", int)


class FacilityKind(StrEnum):
    CARE_HOME = "care_home"
    TOWNSHIP_HOME = "township_home"
    DAY_CENTRE = "day_centre"
    STREET_CENTRE = "street_centre"
    STATION = "station"
    CANTEEN = "canteen"
    MEAL_POINT = "meal_point"
    HOME_CARE_PROVIDER = "home_care_provider"


class Ownership(StrEnum):
    PUBLIC = "public"  # 公办公营
    PUBLIC_BUILT_PRIVATE_RUN = "public_built_private_run"  # 公建民营
    PUBLIC_PRIVATE_RUN = "public_private_run"  # 公办民营
    PRIVATE_PUBLIC_AIDED = "private_public_aided"  # 民办公助
    PRIVATE = "private"  # 民营


class OpeningState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class CreditStatus(StrEnum):
    """信用状况, 民发〔2019〕103号; a provider on the list loses its star level and home beds."""

    GOOD = "good"  # 正常
    WATCHED = "watched"  # 重点关注
    DISHONEST = "dishonest"  # 失信联合惩戒对象


class CareService(StrEnum):
    """What a site offers; the words of the glossary."""

    FULL_CARE = "full_care"  # 全托
    DAY_CARE = "day_care"  # 日托
    RESPITE = "respite"  # 短期托养
    MEDICAL = "medical"  # 医养结合
    REHABILITATION = "rehabilitation"  # 康复护理
    DEMENTIA = "dementia"  # 认知障碍照护
    HOSPICE = "hospice"  # 安宁疗护
    MEALS = "meals"  # 助餐
    BATHING = "bathing"  # 助浴
    HOME_VISITS = "home_visits"  # 上门服务
    CARE_INSURANCE = "care_insurance"  # 长护险定点


class PaperKind(StrEnum):
    """证照: what a site must be able to show."""

    REGISTRATION = "registration"  # 登记证书或营业执照
    FILING = "filing"  # 养老机构备案回执
    FIRE = "fire"  # 消防审验
    FOOD = "food"  # 食品经营许可
    MEDICAL = "medical"  # 医疗机构执业许可
    EQUIPMENT = "equipment"  # 特种设备使用登记
    LIABILITY = "liability"  # 养老机构责任保险
    OTHER = "other"


class PriceItem(StrEnum):
    """收费项目: what a facility asks money for (收费上下限 of the national ledger)."""

    BED = "bed"  # 床位费
    NURSING = "nursing"  # 护理费
    MEALS = "meals"  # 膳食费
    DEPOSIT = "deposit"  # 押金


KNOWN_SERVICES = ", ".join(f"'{service.value}'" for service in CareService)


class Provider(Table, table=True):
    """养老服务组织: an organisation that runs sites. A credit status of None was not looked up."""

    __tablename__ = "provider"
    __table_args__ = (UniqueConstraint("uscc"),)

    id: int | None = key()
    name: str = Field(min_length=1, max_length=120)
    uscc: str | None = Field(default=None, max_length=18, description="统一社会信用代码, GB 32100.")
    credit_status: CreditStatus | None = chosen_from(CreditStatus, optional=True)


class Site(Table, table=True):
    """养老服务设施: a place of a provider, of any kind."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("source_key"),
        CheckConstraint("beds_declared >= 0", name="beds_not_negative"),
        CheckConstraint("monthly_price_from_fen >= 0", name="price_not_negative"),
        CheckConstraint("(x IS NULL) = (y IS NULL)", name="position_is_whole"),
        CheckConstraint("inclusive_price_fen >= 0", name="inclusive_price_not_negative"),
        CheckConstraint(f"services <@ ARRAY[{KNOWN_SERVICES}]", name="services_are_known"),
    )

    id: int | None = key()
    provider_id: int | None = refers_to("provider.id", optional=True, index=True)
    kind: FacilityKind = chosen_from(FacilityKind)
    name: str = Field(min_length=1, max_length=120)
    division_code: str = Field(
        sa_column=Column(Text, ForeignKey("division.code"), nullable=False, index=True)
    )
    address: str = Field(default="", max_length=300)
    phone: str | None = Field(default=None, max_length=20)
    ownership: Ownership | None = chosen_from(Ownership, optional=True)
    ownership_as_given: str | None = Field(default=None, max_length=40)
    is_inclusive: bool | None = Field(default=None, description="普惠型; None where not known.")
    inclusive_price_fen: int | None = fen(
        optional=True, ge=0, description="普惠价, a month, as agreed with the government."
    )
    beds_declared: int | None = Field(default=None, ge=0)
    monthly_price_from_fen: int | None = fen(optional=True, ge=0)
    features: list[str] = words()
    services: list[str] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
        description="Of `CareService`.",
    )
    x: float | None = Field(default=None, description="Longitude, where it was entered.")
    y: float | None = Field(default=None, description="Latitude, where it was entered.")
    opening_state: OpeningState = chosen_from(OpeningState, default=OpeningState.OPEN)
    source_name: str | None = Field(default=None, max_length=120)
    source_key: str | None = Field(
        default=None, max_length=120, description="Finds the row again when its file comes again."
    )


class SiteOpening(Table, table=True):
    """开业状态: what a site was from a day until its next row. `Site.opening_state` is the last."""

    __tablename__ = "site_opening"
    __table_args__ = (UniqueConstraint("site_id", "starts_on"),)

    id: int | None = key()
    site_id: int = refers_to("site.id")
    state: OpeningState = chosen_from(OpeningState)
    starts_on: date
    reason: str = Field(default="", max_length=200)
    recorded_at: datetime = instant()


class SitePaper(Table, table=True):
    """证照: a licence, filing, permit or policy from a day until the day before `ends_on`."""

    __tablename__ = "site_paper"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "number", "starts_on", name="uq_site_paper_once"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        Index("ix_site_paper_ends_on", "ends_on"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    kind: PaperKind = chosen_from(PaperKind)
    number: str = Field(default="", max_length=60)
    issuer: str = Field(default="", max_length=100)
    starts_on: date
    ends_on: date | None = None
    file_id: int | None = refers_to("file.id", optional=True)


class SiteStar(Table, table=True):
    """等级评定, GB/T 37276: one to five stars from a day until the day before `ends_on`."""

    __tablename__ = "site_star"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name="days_fit_the_fold",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(site_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " site_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            name="ex_site_star_one_a_day",
        ),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    stars: int = Field(sa_column=Column(Integer, nullable=False))
    document: str = Field(default="", max_length=200)
    starts_on: date
    ends_on: date


class SitePrice(Table, table=True):
    """收费标准: from what to what a facility asks for an item, from a day until its next row.

    A month for beds, nursing and meals, once for a deposit.
    """

    __tablename__ = "site_price"
    __table_args__ = (
        UniqueConstraint("site_id", "item", "starts_on"),
        CheckConstraint("0 <= lowest_fen AND lowest_fen <= highest_fen", name="range_is_one"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    item: PriceItem = chosen_from(PriceItem)
    lowest_fen: int = fen()
    highest_fen: int = fen()
    starts_on: date


class SitePhoto(Table, table=True):
    """机构照片, public, in the order of `position`."""

    __tablename__ = "site_photo"
    __table_args__ = (UniqueConstraint("file_id"), Index("ix_site_photo_site_id", "site_id"))

    id: int | None = key()
    site_id: int = refers_to("site.id")
    file_id: int = refers_to("file.id")
    caption: str = Field(default="", max_length=60)
    position: int
