"""The texts people are asked to agree to, and who agreed to which of them, when and how."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed


class Purpose(StrEnum):
    """What is agreed to; all but the notice are 单独同意 (个人信息保护法 art. 28-30)."""

    NOTICE = "notice"  # 隐私告知
    HEALTH = "health"  # 健康信息
    LOCATION = "location"  # 位置信息
    ID_NUMBER = "id_number"  # 身份证号码
    HOME_CARE = "home_care"  # 家庭养老床位信息共享


class GivenHow(StrEnum):
    APP = "app"
    WINDOW = "window"  # by word, at the window or at home
    PAPER = "paper"


class Giver(StrEnum):
    """Who agreed; a guardian does for somebody who cannot (个人信息保护法 art. 31 by analogy)."""

    SELF = "self"
    HELPER = "helper"
    GUARDIAN = "guardian"


class WithdrawnHow(StrEnum):
    APP = "app"
    WINDOW = "window"
    REPLACED = "replaced"  # a newer text was agreed to


class ConsentText(Table, table=True):
    """同意书: one version of what is asked, in one language; its digest proves the words."""

    __tablename__ = "consent_text"
    __table_args__ = (
        UniqueConstraint("purpose", "version", "language"),
        UniqueConstraint("id", "purpose"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("language IN ('zh-CN', 'en')", name="language_is_offered"),
        CheckConstraint(
            "digest = sha256(convert_to(title || chr(10) || summary || chr(10) || stops"
            " || chr(10) || body, 'UTF8'))",
            name="digest_is_of_the_words",
        ),
    )

    id: int | None = key()
    purpose: Purpose = chosen_from(Purpose)
    version: int
    language: str = Field(max_length=10)
    title: str = Field(max_length=60)
    summary: str = Field(max_length=300, description="What it is for, in one breath.")
    stops: str = Field(max_length=300, description="What no longer works without it.")
    body: str = Field(sa_column=Column(Text, nullable=False))
    digest: bytes = sealed()
    valid_from: date


class Consent(Table, table=True):
    """同意: somebody agreed to a text; open until it is withdrawn, and never changed else.

    The notice is agreed to by whoever signs in, every separate consent for one resident.
    """

    __tablename__ = "consent"
    __table_args__ = (
        ForeignKeyConstraint(
            ["text_id", "purpose"],
            ["consent_text.id", "consent_text.purpose"],
            name="fk_consent_text_of_purpose",
        ),
        CheckConstraint("num_nonnulls(account_id, resident_id) = 1", name="one_person"),
        CheckConstraint(
            "purpose = 'notice' OR resident_id IS NOT NULL", name="separate_ones_of_a_resident"
        ),
        CheckConstraint("(how = 'app') = (witness_name IS NULL)", name="witness_unless_in_app"),
        CheckConstraint("(how = 'app') = (recorded_by IS NULL)", name="recorded_unless_in_app"),
        CheckConstraint("(given_by = 'self') = (giver_name IS NULL)", name="others_are_named"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_how IS NULL)", name="withdrawal_is_whole"
        ),
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        Index(
            "uq_consent_open_of_account", "account_id", "purpose",
            unique=True, postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "uq_consent_open_of_resident", "resident_id", "purpose",
            unique=True, postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_consent_account_id", "account_id", "id"),
        Index("ix_consent_resident_id", "resident_id", "id"),
    )  # fmt: skip

    id: int | None = key()
    account_id: int | None = refers_to("account.id", optional=True)
    resident_id: int | None = refers_to("resident.id", optional=True)
    purpose: Purpose = chosen_from(Purpose)
    text_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    given_at: datetime = instant()
    how: GivenHow = chosen_from(GivenHow)
    given_by: Giver = chosen_from(Giver)
    giver_name: str | None = Field(default=None, max_length=60)
    witness_name: str | None = Field(default=None, max_length=60)
    recorded_by: int | None = refers_to("staff.id", optional=True)
    withdrawn_at: datetime | None = instant(optional=True)
    withdrawn_how: WithdrawnHow | None = chosen_from(WithdrawnHow, optional=True)
