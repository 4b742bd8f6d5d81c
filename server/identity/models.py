"""Accounts, staff, sign-ins and the counters that slow down guessing."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed

AccountId = NewType("AccountId", int)
StaffId = NewType("StaffId", int)
SignInId = NewType("SignInId", int)


class Role(StrEnum):
    """Offices a staff member can hold; what each may do stands in `roles.py`."""

    CARE_WORKER = "care_worker"
    CANTEEN_STAFF = "canteen_staff"
    FACILITY_OPERATOR = "facility_operator"
    HOME_CARE_PROVIDER = "home_care_provider"
    COMMUNITY_WORKER = "community_worker"
    COUNTY_OFFICER = "county_officer"
    CITY_OFFICER = "city_officer"
    APPROVER = "approver"
    CASHIER = "cashier"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Account(Table, table=True):
    """The holder of a sign-in phone, who acts for one or more residents by grants."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("phone"),
        CheckConstraint("language IN ('zh-CN', 'en')", name="language_is_offered"),
    )

    id: int | None = key()
    phone: str = Field(max_length=20, description="E.164.")
    language: str = Field(default="zh-CN", max_length=10)
    created_at: datetime = instant()
    closed_at: datetime | None = instant(optional=True)


class SignInCode(Table, table=True):
    """The one code that is open for a phone; a new one replaces it."""

    __tablename__ = "sign_in_code"
    __table_args__ = (CheckConstraint("tries_left >= 0", name="tries_not_negative"),)

    phone: str = Field(primary_key=True, max_length=20)
    code_digest: bytes = sealed()
    asked_at: datetime = instant()
    expires_at: datetime = instant()
    tries_left: int


class SignIn(Table, table=True):
    """A device or browser that is signed in, for an account or for a staff member."""

    __tablename__ = "sign_in"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        CheckConstraint("num_nonnulls(account_id, staff_id) = 1", name="one_person"),
    )

    id: int | None = key()
    token_digest: bytes = sealed()
    account_id: int | None = refers_to("account.id", optional=True, index=True)
    staff_id: int | None = refers_to("staff.id", optional=True, index=True)
    device_label: str = Field(default="", max_length=80)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(optional=True)


class Staff(Table, table=True):
    """Someone who works for the bureau, an operator or the platform."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("sign_in_name"),)

    id: int | None = key()
    sign_in_name: str = Field(min_length=2, max_length=60)
    display_name: str = Field(min_length=1, max_length=60)
    password_hash: str = Field(max_length=200, description="argon2id.")
    language: str = Field(default="zh-CN", max_length=10)
    disabled_at: datetime | None = instant(optional=True)


class StaffRole(Table, table=True):
    """An office someone holds over a division prefix, or at one site, for a time."""

    __tablename__ = "staff_role"
    __table_args__ = (
        CheckConstraint("num_nonnulls(division_code, site_id) = 1", name="one_scope"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        UniqueConstraint(
            "staff_id",
            "role",
            "division_code",
            "site_id",
            "starts_on",
            name="uq_staff_role_once",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: int | None = key()
    staff_id: int = refers_to("staff.id", index=True)
    role: Role = chosen_from(Role)
    division_code: str | None = Field(
        default=None, sa_column=Column(Text, ForeignKey("division.code"), nullable=True)
    )
    site_id: int | None = refers_to("site.id", optional=True)
    starts_on: date
    ends_on: date | None = None


class Throttle(Table, table=True):
    """How often something was tried in the window that began at `window_at`."""

    __tablename__ = "throttle"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        Index("ix_throttle_window_at", "window_at"),
    )

    bucket_digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    window_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    count: int
