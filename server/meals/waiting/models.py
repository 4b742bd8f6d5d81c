"""Who waits for a place at which full sitting."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.meals.models import BookedBy, Diet, Handing, Meal


class MealWaitingState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"  # a place is held
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"  # the offer was not answered in time
    LEFT = "left"
    UNSERVED = "unserved"  # no place came free, or the sitting was closed


_OPEN = "state IN ('waiting', 'offered')"


class MealWaiting(Table, table=True):
    """候补: a resident waits for a place at a full sitting, in the order of joining.

    While an offer is open, the database counts its place as held: nobody else can book it.
    """

    __tablename__ = "meal_waiting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sitting_id", "service_on", "meal", "canteen_id"],
            ["sitting.id", "sitting.service_on", "sitting.meal", "sitting.canteen_id"],
            name="fk_meal_waiting_sitting",
        ),
        CheckConstraint(f"({_OPEN}) = (ended_at IS NULL)", name="ended_at_a_time"),
        CheckConstraint(
            "state <> 'offered' OR coalesce(expires_at > offered_at, false)",
            name="offered_until_a_time",
        ),
        CheckConstraint("booking_id IS NULL OR state = 'taken'", name="booked_when_taken"),
        Index(
            "uq_meal_waiting_one_open",
            "resident_id",
            "sitting_id",
            unique=True,
            postgresql_where=text(_OPEN),
        ),
        Index(
            "ix_meal_waiting_line",
            "sitting_id",
            "joined_at",
            "id",
            postgresql_where=text(_OPEN),
        ),
        Index("ix_meal_waiting_resident_id", "resident_id", "service_on"),
        Index("ix_meal_waiting_booking_id", "booking_id"),
    )

    id: int | None = key()
    sitting_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    canteen_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    resident_id: int = refers_to("resident.id")
    service_on: date
    meal: Meal = chosen_from(Meal)
    diet: Diet = chosen_from(Diet)
    handing: Handing = chosen_from(Handing)
    state: MealWaitingState = chosen_from(MealWaitingState, default=MealWaitingState.WAITING)
    joined_by: BookedBy = chosen_from(BookedBy)
    joined_at: datetime = instant()
    offered_at: datetime | None = instant(optional=True)
    expires_at: datetime | None = instant(optional=True)
    ended_at: datetime | None = instant(optional=True)
    booking_id: int | None = refers_to("booking.id", optional=True)
