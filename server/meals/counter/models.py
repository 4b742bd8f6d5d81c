"""What is kept of a meal's way over the counter, and of the city's keys for meal codes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed


class How(StrEnum):
    """By what a diner was known at the counter."""

    QR = "qr"  # 扫码
    CODE = "code"  # 六位取餐码
    PHONE = "phone"  # 手机尾号
    NAME = "name"  # 姓名
    WALK_IN = "walk_in"  # 现场用餐
    CARD = "card"  # 助餐卡
    STAFF = "staff"  # 工作人员代录
    DELIVERY = "delivery"  # 送餐上门


class MealKey(Table, table=True):
    """A key of the city for meal codes. A retired one signs no more, and its codes still hold."""

    __tablename__ = "meal_key"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 255", name="number_is_a_byte"),
        CheckConstraint("length(public_key) = 32", name="public_key_is_ed25519"),
        CheckConstraint("revoked_at IS NULL OR retired_at IS NOT NULL", name="revoked_is_retired"),
        Index(
            "uq_meal_key_one_signs",
            text("(true)"),
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    number: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    public_key: bytes = sealed()
    private_cipher: bytes = sealed()
    made_at: datetime = instant()
    retired_at: datetime | None = instant(optional=True)
    revoked_at: datetime | None = instant(optional=True)


class MealCollection(Table, table=True):
    """核销: a meal that was handed out, once. What was undone within two minutes stays written."""

    __tablename__ = "meal_collection"
    __table_args__ = (
        UniqueConstraint("client_key"),
        Index(
            "uq_meal_collection_of_booking",
            "booking_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_meal_collection_booking_id", "booking_id"),
        CheckConstraint("length(client_key) BETWEEN 8 AND 64", name="client_key_is_long"),
        CheckConstraint("how <> 'staff' OR reason IS NOT NULL", name="staff_says_why"),
        CheckConstraint("(undone_at IS NULL) = (undo_reason IS NULL)", name="undone_says_why"),
    )

    id: int | None = key()
    client_key: str = Field(max_length=64, description="The device's own; unique for ever.")
    booking_id: int = refers_to("booking.id")
    how: How = chosen_from(How)
    reason: str | None = Field(default=None, max_length=200)
    device_at: datetime = instant(description="By the device's clock, put right by the server's.")
    received_at: datetime = instant()
    is_offline: bool = Field(default=False, description="Handed out before the server was asked.")
    staff_id: int | None = refers_to("staff.id", optional=True)
    sign_in_id: int | None = refers_to("sign_in.id", optional=True)
    undone_at: datetime | None = instant(optional=True)
    undo_reason: str | None = Field(default=None, max_length=200)


class MealCard(Table, table=True):
    """助餐卡: a card that stands for its holder at the counter; only a digest of its number."""

    __tablename__ = "meal_card"
    __table_args__ = (
        UniqueConstraint("number_digest"),
        Index(
            "uq_meal_card_of_resident",
            "resident_id",
            unique=True,
            postgresql_where=text("lost_at IS NULL"),
        ),
        Index("ix_meal_card_resident_id", "resident_id"),
        CheckConstraint("lost_at >= issued_at", name="lost_after_issue"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    number_digest: bytes = sealed()
    last_four: str = Field(max_length=4)
    issued_at: datetime = instant()
    issued_by: int | None = refers_to("staff.id", optional=True)
    lost_at: datetime | None = instant(optional=True)
