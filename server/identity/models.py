"""Accounts, staff with their second factors, sign-ins, API keys, and counters against guessing."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    instant,
    key,
    refers_to,
    sealed,
    words,
)

AccountId = NewType("AccountId", int)
StaffId = NewType("StaffId", int)
SignInId = NewType("SignInId", int)
ApiKeyId = NewType("ApiKeyId", int)
PasskeyId = NewType("PasskeyId", int)


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


class TicketPurpose(StrEnum):
    """What a one-time ticket opens."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"
    SECOND_STEP = "second_step"


class Account(Table, table=True):
    """The holder of a sign-in phone, who acts for one or more residents by grants."""

    __tablename__ = "account"
    __table_args__ = (
        # A closed account keeps its number for a while; whoever comes next has an account anew.
        Index(
            "uq_account_open_phone",
            "phone",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("phone <> '' OR closed_at IS NOT NULL", name="phone_until_closed"),
        CheckConstraint("language IN ('zh-CN', 'en')", name="language_is_offered"),
    )

    id: int | None = key()
    phone: str = Field(max_length=20, description="E.164; empty once it is forgotten.")
    language: str = Field(default="zh-CN", max_length=10)
    created_at: datetime = instant()
    closed_at: datetime | None = instant(optional=True)
    vouched_at: datetime | None = instant(
        optional=True, description="When a window last saw the holder's papers."
    )


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
        CheckConstraint("idle_seconds > 0", name="idle_positive"),
    )

    id: int | None = key()
    token_digest: bytes = sealed()
    account_id: int | None = refers_to("account.id", optional=True, index=True)
    staff_id: int | None = refers_to("staff.id", optional=True, index=True)
    device_label: str = Field(default="", max_length=80)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(optional=True)
    last_used_at: datetime | None = instant(
        optional=True, description="To the minute for staff, to the hour for accounts."
    )
    idle_seconds: int | None = Field(
        default=None, description="Unused for so long, it ends; None bears any pause."
    )
    second_factor_at: datetime | None = instant(
        optional=True, description="Without it, offices that need a second factor do not count."
    )


class Staff(Table, table=True):
    """Someone who works for the bureau, an operator or the platform."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("sign_in_name"), Index("ix_staff_phone", "phone"))

    id: int | None = key()
    sign_in_name: str = Field(min_length=2, max_length=60)
    display_name: str = Field(min_length=1, max_length=60)
    password_hash: str | None = Field(
        default=None, max_length=200, description="Empty: see StaffPassword. A later step drops it."
    )
    language: str = Field(default="zh-CN", max_length=10)
    disabled_at: datetime | None = instant(optional=True)
    phone: str | None = Field(
        default=None, max_length=20, description="E.164; told of what happens to the account."
    )
    code_needed_since: datetime | None = instant(
        optional=True, description="No password opens until a one-time code was used."
    )


class StaffPassword(Table, table=True):
    """The password of a member of staff, apart from what colleagues may read of them."""

    __tablename__ = "staff_password"

    staff_id: int = Field(
        sa_column=Column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    )
    password_hash: str = Field(max_length=200, description="argon2id.")
    changed_at: datetime = instant()


class SecondFactor(Table, table=True):
    """The secret that a member of staff's authenticator holds too; TOTP, RFC 6238."""

    __tablename__ = "second_factor"

    staff_id: int = Field(
        sa_column=Column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    )
    secret_cipher: bytes = sealed()
    begun_at: datetime = instant()
    confirmed_at: datetime | None = instant(optional=True)
    last_step: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, nullable=True),
        description="The last half minute whose code was used: no code opens twice.",
    )


class RecoveryCode(Table, table=True):
    """A code on paper that stands for a lost phone, once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("staff_id", "code_digest"),)

    id: int | None = key()
    staff_id: int = refers_to("staff.id")
    code_digest: bytes = sealed()
    used_at: datetime | None = instant(optional=True)


class StaffTicket(Table, table=True):
    """Something that opens one door for one member of staff, once and for a short time."""

    __tablename__ = "staff_ticket"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        different_people("given_by", "staff_id", name="not_given_to_oneself"),
    )

    id: int | None = key()
    staff_id: int = refers_to("staff.id", index=True)
    purpose: TicketPurpose = chosen_from(TicketPurpose)
    token_digest: bytes = sealed()
    given_by: int | None = refers_to("staff.id", optional=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(optional=True)


class Passkey(Table, table=True):
    """A key in a member of staff's phone, computer or stick, that opens only for its owner."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("credential_id"),
        CheckConstraint(
            "octet_length(credential_id) BETWEEN 16 AND 1023", name="credential_id_as_specified"
        ),
        CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),
        CheckConstraint(
            "doubted_at IS NULL OR revoked_at IS NOT NULL", name="doubted_opens_nothing"
        ),
    )

    id: int | None = key()
    staff_id: int = refers_to("staff.id", index=True)
    credential_id: bytes = sealed()
    public_key: bytes = sealed()
    sign_count: int = Field(
        sa_column=Column(BigInteger, nullable=False),
        description="Grows with each use; a copy of the key shows by going back.",
    )
    transports: list[str] = words()
    label: str = Field(min_length=1, max_length=60, description="As its owner calls it.")
    created_at: datetime = instant()
    last_used_at: datetime | None = instant(optional=True)
    revoked_at: datetime | None = instant(optional=True)
    doubted_at: datetime | None = instant(
        optional=True, description="When its count went back, as that of a copy does."
    )


class PasskeyChallenge(Table, table=True):
    """What a passkey is asked to sign, once and soon: to come in, or to be added by its owner."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        Index("ix_passkey_challenge_expires_at", "expires_at"),
    )

    challenge_digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    staff_id: int | None = refers_to("staff.id", optional=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()


class StaffRole(Table, table=True):
    """An office someone holds over a division prefix, or at one site, for a time.

    A trigger keeps incompatible duties apart and the same office from being held twice; see ADR 22.
    An office that ends on the day it starts was never held.
    """

    __tablename__ = "staff_role"
    __table_args__ = (
        CheckConstraint("num_nonnulls(division_code, site_id) = 1", name="one_scope"),
        CheckConstraint("ends_on >= starts_on", name="not_ended_before_start"),
        different_people("given_by", "staff_id", name="not_given_to_oneself"),
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
    given_by: int | None = refers_to("staff.id", optional=True)


class ApiKey(Table, table=True):
    """A department's key to the open API: for one purpose, some scopes and fields, and a time."""

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        CheckConstraint("rate_per_minute > 0", name="rate_positive"),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        CheckConstraint("cardinality(scopes) > 0", name="scopes_named"),
        CheckConstraint("cardinality(fields) > 0", name="fields_named"),
    )

    id: int | None = key()
    token_digest: bytes = sealed()
    owner: str = Field(min_length=2, max_length=120)
    purpose: str = Field(min_length=2, max_length=200)
    scopes: list[str] = words()
    fields: list[str] = words()
    rate_per_minute: int
    issued_by: int | None = refers_to("staff.id", optional=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(optional=True)


class ApiCall(Table, table=True):
    """One call by a key: what for, how it ended, and how many rows left the house."""

    __tablename__ = "api_call"
    __table_args__ = (
        CheckConstraint("rows_returned >= 0", name="rows_not_negative"),
        Index("ix_api_call_api_key_id", "api_key_id", "at"),
    )

    id: int | None = key()
    api_key_id: int = refers_to("api_key.id")
    at: datetime = instant()
    scope: str = Field(max_length=60)
    purpose: str = Field(max_length=200)
    status: int
    rows_returned: int


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
