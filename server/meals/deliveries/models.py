"""Rounds of a sitting, and where each stops."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to


class DropState(StrEnum):
    WAITING = "waiting"  # 待送
    HANDED = "handed"  # 已送达
    NOT_HOME = "not_home"  # 家中无人


class MealRound(Table, table=True):
    """One carrier's way through a sitting's deliveries; sealed when the boxes leave the canteen."""

    __tablename__ = "meal_round"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number"),
        Index("ix_meal_round_canteen_id", "canteen_id"),
        CheckConstraint("number > 0", name="number_counts"),
    )

    id: int | None = key()
    canteen_id: int = refers_to("canteen.site_id")
    sitting_id: int = refers_to("sitting.id")
    number: int
    carrier: str = Field(max_length=40, description="Who carries: staff or a volunteer, by name.")
    sealed_at: datetime | None = instant(optional=True)


class MealDrop(Table, table=True):
    """A meal to be carried to one door, in its place of the round."""

    __tablename__ = "meal_drop"
    __table_args__ = (
        UniqueConstraint("booking_id"),
        Index("ix_meal_drop_round_id", "round_id", "position"),
        CheckConstraint("position > 0", name="position_counts"),
        CheckConstraint("(state = 'waiting') = (told_at IS NULL)", name="told_has_time"),
        CheckConstraint("(state = 'not_home') = (reason IS NOT NULL)", name="not_home_says_why"),
    )

    id: int | None = key()
    round_id: int = refers_to("meal_round.id")
    booking_id: int = refers_to("booking.id")
    position: int
    state: DropState = chosen_from(DropState, default=DropState.WAITING)
    told_at: datetime | None = instant(optional=True)
    received_by: str | None = Field(default=None, max_length=40)
    reason: str | None = Field(default=None, max_length=200)
    photo_file_id: int | None = refers_to("file.id", optional=True)
