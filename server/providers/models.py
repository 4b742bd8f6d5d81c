"""Organisations that provide care, and their sites."""

from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, key, refers_to, words

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


class Provider(Table, table=True):
    """养老服务组织: an organisation that runs sites."""

    __tablename__ = "provider"
    __table_args__ = (UniqueConstraint("uscc"),)

    id: int | None = key()
    name: str = Field(min_length=1, max_length=120)
    uscc: str | None = Field(default=None, max_length=18, description="统一社会信用代码, GB 32100.")


class Site(Table, table=True):
    """养老服务设施: a place of a provider, of any kind."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("source_key"),
        CheckConstraint("beds_declared >= 0", name="beds_not_negative"),
        CheckConstraint("monthly_price_from_fen >= 0", name="price_not_negative"),
        CheckConstraint("(x IS NULL) = (y IS NULL)", name="position_is_whole"),
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
    beds_declared: int | None = Field(default=None, ge=0)
    monthly_price_from_fen: int | None = fen(optional=True, ge=0)
    features: list[str] = words()
    x: float | None = Field(default=None, description="Longitude, where it was entered.")
    y: float | None = Field(default=None, description="Latitude, where it was entered.")
    opening_state: OpeningState = chosen_from(OpeningState, default=OpeningState.OPEN)
    source_name: str | None = Field(default=None, max_length=120)
    source_key: str | None = Field(
        default=None, max_length=120, description="Finds the row again when its file comes again."
    )
