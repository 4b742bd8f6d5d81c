"""From the canteen to the collected meal. The database counts the places and never oversells."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

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
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    fen,
    instant,
    key,
    refers_to,
    sealed,
    structured,
    words,
)

SittingId = NewType("SittingId", int)
BookingId = NewType("BookingId", int)
DishId = NewType("DishId", int)


class OperatingModel(StrEnum):
    PARTY_LED = "party_led"  # 党组织领办
    CHAIN = "chain"  # 企业连锁办
    JOINT = "joint"  # 片区联合办
    CHARITY = "charity"  # 慈善捐赠办
    CENTRAL_KITCHEN = "central_kitchen"  # 中心配送办
    NEIGHBOUR = "neighbour"  # 邻里互助办


class CanteenKind(StrEnum):
    """How food gets to the table there; domain.md §4."""

    KITCHEN = "kitchen"  # 社区食堂
    HAND_OUT_POINT = "hand_out_point"  # 助餐点
    CENTRAL_KITCHEN = "central_kitchen"  # 中央厨房
    RESTAURANT_TABLE = "restaurant_table"  # 老年餐桌
    NEIGHBOUR = "neighbour"  # 邻里互助


class Allergen(StrEnum):
    """致敏物质: the eight kinds of GB 7718-2011 §4.4.3, grain apart from wheat, and sesame."""

    WHEAT = "wheat"
    SHELLFISH = "shellfish"
    FISH = "fish"
    EGG = "egg"
    PEANUT = "peanut"
    SOY = "soy"
    MILK = "milk"
    NUTS = "nuts"
    SESAME = "sesame"
    GLUTEN = "gluten"  # oats and barley


class Meal(StrEnum):
    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


class Diet(StrEnum):
    NORMAL = "normal"
    SOFT = "soft"
    SEMI_LIQUID = "semi_liquid"
    LOW_SALT = "low_salt"
    LOW_SUGAR = "low_sugar"
    LOW_FAT = "low_fat"
    VEGETARIAN = "vegetarian"
    HALAL = "halal"


class Handing(StrEnum):
    """How the meal gets to its eater."""

    AT_CANTEEN = "at_canteen"  # 到点取餐
    DELIVERY = "delivery"  # 送餐上门


class BookingStatus(StrEnum):
    """A missed meal was cooked and not fetched; it is not paid for by the city."""

    BOOKED = "booked"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    MISSED = "missed"


class BookedBy(StrEnum):
    """By whom a place was taken, and on which way."""

    SELF = "self"
    HELPER = "helper"
    STAFF = "staff"  # 社区代订
    CANTEEN = "canteen"  # 电话订餐
    PAPER = "paper"  # 纸质登记
    STANDING = "standing"  # 长期订餐
    WALK_IN = "walk_in"  # 现场用餐


class PaidHow(StrEnum):
    """How the own pay of a meal that was handed out was paid."""

    WALLET = "wallet"  # 钱包
    CASH = "cash"  # 现金
    NONE = "none"  # 无需自付


KNOWN_ALLERGENS = ", ".join(f"'{one.value}'" for one in Allergen)


class DietaryNote(Table, table=True):
    """饮食情况: what a resident may not, or would rather not, eat. The last one noted holds."""

    __tablename__ = "dietary_note"
    __table_args__ = (
        Index("ix_dietary_note_resident_id", "resident_id", "noted_at"),
        CheckConstraint(f"allergens <@ ARRAY[{KNOWN_ALLERGENS}]", name="allergens_are_known"),
        CheckConstraint("cardinality(dislikes) <= 10", name="dislikes_are_few"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    usual_diet: Diet = chosen_from(Diet)
    allergens: list[str] = words()
    dislikes: list[str] = words(description="Parts of names of dishes.")
    noted_at: datetime = instant()


class Canteen(Table, table=True):
    """助餐点: how a site cooks or hands out meals; name and address are the site's."""

    __tablename__ = "canteen"
    __table_args__ = (
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount_is_percent"),
        CheckConstraint("charity_fen >= 0", name="charity_not_negative"),
        CheckConstraint("supplied_by_id <> site_id", name="not_supplied_by_itself"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        CheckConstraint(
            "num_nulls(bank, account_cipher, account_digest, last_four) IN (0, 4)",
            name="account_is_whole",
        ),
        CheckConstraint("last_four ~ '^[0-9]{4}$'", name="last_four_are_digits"),
    )

    site_id: int = Field(
        sa_column=Column(ForeignKey("site.id"), primary_key=True, autoincrement=False)
    )
    operating_model: OperatingModel = chosen_from(OperatingModel)
    discount_percent: int = Field(
        default=0, description="What the operator takes off the list price."
    )
    charity_fen: int = fen(default=0, description="What a charity or the village adds per meal.")
    menu_version: int = Field(default=1, description="Rises with each published change.")
    kind: CanteenKind = chosen_from(CanteenKind, standing=CanteenKind.KITCHEN)
    supplied_by_id: int | None = refers_to("canteen.site_id", optional=True)
    seats: int | None = Field(default=None, ge=0)
    delivers: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    serves_on_holidays: bool = Field(
        default=True,
        sa_column_kwargs={"server_default": "true"},
        description="False where it closes on the country's holidays.",
    )
    bank: str | None = Field(default=None, max_length=60)
    account_cipher: bytes | None = sealed(optional=True)
    account_digest: bytes | None = sealed(optional=True)
    last_four: str | None = Field(default=None, max_length=4)


class Dish(Table, table=True):
    """菜品, with the marks an eater must see."""

    __tablename__ = "dish"
    __table_args__ = (CheckConstraint("price_fen >= 0", name="price_not_negative"),)

    id: int | None = key()
    canteen_id: int = refers_to("canteen.site_id", index=True)
    name: str = Field(min_length=1, max_length=40)
    diets: list[str] = words()
    allergens: list[str] = words()
    picture: str = Field(default="rice", max_length=20, description="Which drawing stands for it.")
    photo_url: str | None = Field(default=None, max_length=300)
    photo_file_id: int | None = refers_to("file.id", optional=True)
    price_fen: int | None = fen(optional=True, ge=0, description="Where a dish is sold by itself.")
    is_offered: bool = Field(
        default=True,
        sa_column_kwargs={"server_default": "true"},
        description="False for one that goes on no menu any more.",
    )


class Sitting(Table, table=True):
    """餐次: one meal of one canteen on one day, with its places, prices and cut-off."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("canteen_id", "service_on", "meal"),
        UniqueConstraint("id", "service_on", "meal", "canteen_id", name="uq_sitting_identity"),
        CheckConstraint("booked BETWEEN 0 AND capacity - held", name="booked_within_capacity"),
        CheckConstraint("list_price_fen > 0", name="price_positive"),
        CheckConstraint("serves_until > serves_from", name="serves_some_time"),
        CheckConstraint("late_booked BETWEEN 0 AND late_places", name="late_within_quota"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("late_until > cutoff_at", name="late_after_cutoff"),
        Index("ix_sitting_service_on", "service_on", "canteen_id"),
        {"postgresql_with": {"fillfactor": 30}},
    )

    id: int | None = key()
    canteen_id: int = refers_to("canteen.site_id")
    service_on: date
    meal: Meal = chosen_from(Meal)
    capacity: int = Field(ge=0)
    booked: int = Field(default=0, description="Kept by the database with each booking.")
    serves_from: time
    serves_until: time
    cutoff_at: datetime = instant(description="Bookings and cancellations end here.")
    late_until: datetime | None = instant(
        optional=True, description="Until when the few late places can still be booked."
    )
    late_places: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="How many may book after the cut-off.",
    )
    late_booked: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Kept by the database, as `booked`.",
    )
    held: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Places offered to those who wait; kept by the database.",
    )
    list_price_fen: int = fen()
    published_at: datetime | None = instant(optional=True)
    publishes_at: datetime | None = instant(
        optional=True, description="When the menu is published by itself."
    )
    closed_at: datetime | None = instant(optional=True)


class SittingDish(Table, table=True):
    """A dish on the menu of a sitting, in its place."""

    __tablename__ = "sitting_dish"

    sitting_id: int = Field(
        sa_column=Column(ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    )
    dish_id: int = Field(
        sa_column=Column(ForeignKey("dish.id"), primary_key=True, autoincrement=False)
    )
    position: int


class Booking(Table, table=True):
    """订餐: a resident's place at a sitting, with the price as it was split on that day."""

    __tablename__ = "booking"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sitting_id", "service_on", "meal", "canteen_id"],
            ["sitting.id", "sitting.service_on", "sitting.meal", "sitting.canteen_id"],
            name="fk_booking_sitting",
        ),
        Index(
            "uq_booking_one_meal",
            "resident_id",
            "service_on",
            "meal",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index(
            "uq_booking_code",
            "canteen_id",
            "service_on",
            "code",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_booking_sitting_id", "sitting_id"),
        Index("ix_booking_resident_id", "resident_id", "service_on"),
        CheckConstraint(
            "list_price_fen = operator_discount_fen + subsidy_fen + charity_fen + own_pay_fen",
            name="parts_sum",
        ),
        CheckConstraint(
            "least(operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen) >= 0",
            name="parts_not_negative",
        ),
        Index(
            "uq_booking_subsidised_no",
            "resident_id",
            "service_on",
            "subsidised_no",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        CheckConstraint(
            "(subsidy_fen > 0) = (subsidised_no IS NOT NULL)", name="subsidised_is_numbered"
        ),
        CheckConstraint("code ~ '^[0-9]{6}$'", name="code_is_six_digits"),
        CheckConstraint(
            "(status = 'collected') = (collected_at IS NOT NULL)", name="collected_has_time"
        ),
        CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"
        ),
        CheckConstraint("(paid_how IS NULL) = (paid_at IS NULL)", name="paid_somehow"),
        CheckConstraint("paid_how <> 'none' OR own_pay_fen = 0", name="nothing_to_pay"),
        CheckConstraint("subsidy_fen <= subsidy_day_fen", name="subsidy_within_its_day"),
        Index(
            "ix_booking_paid_in_cash",
            "canteen_id",
            "paid_at",
            postgresql_where=text("paid_how = 'cash'"),
        ),
        CheckConstraint("(status = 'missed') = (missed_at IS NOT NULL)", name="missed_has_time"),
    )

    id: int | None = key()
    sitting_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    canteen_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int = refers_to("resident.id")
    service_on: date
    meal: Meal = chosen_from(Meal)
    status: BookingStatus = chosen_from(BookingStatus, default=BookingStatus.BOOKED)
    booked_by: BookedBy = chosen_from(BookedBy)
    diet: Diet = chosen_from(Diet, standing=Diet.NORMAL)
    handing: Handing = chosen_from(Handing, standing=Handing.AT_CANTEEN)
    is_late: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": "false"},
        description="Booked after the cut-off, in a late place.",
    )
    list_price_fen: int = fen()
    operator_discount_fen: int = fen()
    subsidy_fen: int = fen()
    charity_fen: int = fen()
    own_pay_fen: int = fen()
    subsidised_no: int | None = Field(
        default=None,
        description="Which of the day's subsidised meals this is; keeps the daily cap under races.",
    )
    subsidy_day_fen: int | None = fen(
        optional=True,
        description="The most the city adds on this day, where a day has a limit; the database"
        " holds it.",
    )
    reasons: list[dict[str, object]] = structured(
        description="Why each part is what it is: code, amount, parameter id."
    )
    code: str = Field(max_length=6)
    booked_at: datetime = instant()
    collected_at: datetime | None = instant(optional=True)
    cancelled_at: datetime | None = instant(optional=True)
    missed_at: datetime | None = instant(optional=True)
    cancel_reason: str | None = Field(default=None, max_length=200)
    paid_how: PaidHow | None = chosen_from(PaidHow, optional=True)
    paid_at: datetime | None = instant(optional=True)
    paid_to: int | None = refers_to("staff.id", optional=True)
