"""What a kitchen works by: templates, eaters' needs, frozen sheets, and samples kept."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
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
)
from server.meals.models import Meal


class SittingTemplate(Table, table=True):
    """餐次模板: what a canteen serves on a weekday, from a day until its next row of that meal."""

    __tablename__ = "sitting_template"
    __table_args__ = (
        UniqueConstraint(
            "canteen_id", "weekday", "meal", "starts_on", name="uq_sitting_template_once"
        ),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_is_iso"),
        CheckConstraint("capacity >= 0 AND late_places >= 0", name="places_not_negative"),
        CheckConstraint("list_price_fen > 0", name="price_positive"),
        CheckConstraint("serves_until > serves_from", name="serves_some_time"),
        CheckConstraint("cutoff_days >= 0", name="cutoff_not_afterwards"),
        CheckConstraint("(cutoff_days IS NULL) = (cutoff_at IS NULL)", name="cutoff_is_whole"),
    )

    id: int | None = key()
    canteen_id: int = refers_to("canteen.site_id")
    weekday: int = Field(sa_column=Column(SmallInteger, nullable=False), description="1 is Monday.")
    meal: Meal = chosen_from(Meal)
    starts_on: date
    is_served: bool = Field(description="False from the day on which the meal is given up.")
    serves_from: time
    serves_until: time
    capacity: int
    list_price_fen: int = fen()
    cutoff_days: int | None = Field(
        default=None, description="Days before; None with the time for the figure `meals.cut_off`."
    )
    cutoff_at: time | None = None
    late_until: time | None = Field(default=None, description="On the day itself.")
    late_places: int = 0


class KitchenSheet(Table, table=True):
    """厨房单: how much of what was to be cooked, as it was printed. Never changed; a later change
    makes the next version. `digest` is SHA-256 over the text of `content`."""

    __tablename__ = "kitchen_sheet"
    __table_args__ = (
        CheckConstraint("version > 0 AND total >= 0", name="numbers_count"),
        CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
    )

    sitting_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("sitting.id"), primary_key=True, autoincrement=False
        )
    )
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    frozen_at: datetime = instant()
    frozen_by: int | None = refers_to("staff.id", optional=True)
    total: int
    content: dict[str, Any] = structured(description="Eaters by diet and way, portions by dish.")
    digest: bytes = sealed()


class FoodSample(Table, table=True):
    """食品留样: a little of each dish of a sitting, kept cold in case somebody falls ill.

    Amounts, degrees and hours are figures of `policies` (`food_safety.sample`).
    """

    __tablename__ = "food_sample"
    __table_args__ = (
        UniqueConstraint("sitting_id", "dish_id"),
        CheckConstraint("grams > 0", name="grams_positive"),
        CheckConstraint("tenths_celsius BETWEEN -400 AND 600", name="degrees_are_believable"),
        CheckConstraint("keep_until > taken_at", name="kept_some_time"),
        CheckConstraint("discarded_at >= keep_until", name="not_discarded_early"),
        CheckConstraint(
            "(discarded_at IS NULL) = (discarded_by IS NULL)", name="discarded_by_somebody"
        ),
        Index(
            "ix_food_sample_kept", "canteen_id", "keep_until",
            postgresql_where=text("discarded_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = key()
    canteen_id: int = refers_to("canteen.site_id")
    sitting_id: int = refers_to("sitting.id")
    dish_id: int = refers_to("dish.id")
    grams: int
    tenths_celsius: int = Field(description="The fridge's temperature, in tenths of a degree.")
    taken_at: datetime = instant()
    taken_by: int = refers_to("staff.id")
    keep_until: datetime = instant()
    discarded_at: datetime | None = instant(optional=True)
    discarded_by: int | None = refers_to("staff.id", optional=True)
    photo_file_id: int | None = refers_to("file.id", optional=True)
