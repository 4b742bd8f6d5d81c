"""Standing orders, pauses of them, and days on which one could not be booked."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.meals.models import BookedBy, Diet, Handing, Meal

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = 127


def days_of(column: str) -> str:
    """Return the fold of a number and its days into one range of int8, for an exclusion."""
    return (
        f"int8range({column} * 100000 + (starts_on - DATE '1900-01-01'),"
        f" {column} * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
    )


DAYS_FIT = "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')"


class OrderEnd(StrEnum):
    """Why a standing order holds no longer."""

    WISHED = "wished"
    RAN_OUT = "ran_out"  # its last day has passed
    DIED = "died"
    MOVED_AWAY = "moved_away"
    ACCOUNT_CLOSED = "account_closed"


class PauseCause(StrEnum):
    """Why nothing is booked for some days."""

    WISHED = "wished"
    IN_HOSPITAL = "in_hospital"
    IN_CARE_HOME = "in_care_home"


class StandingOrder(Table, table=True):
    """长期订餐: the same meal at one canteen on some weekdays, until the day before `ends_on`.

    A resident has one order a meal and weekday that holds; each index keeps one weekday.
    """

    __tablename__ = "standing_order"
    __table_args__ = (
        CheckConstraint(f"weekdays BETWEEN 1 AND {EVERY_DAY}", name="weekdays_of_a_week"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(DAYS_FIT, name="days_fit_the_fold"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_for_a_reason"),
        *(
            Index(
                f"uq_standing_order_{name}",
                "resident_id",
                "meal",
                unique=True,
                postgresql_where=text(f"ended_at IS NULL AND (weekdays & {1 << place}) <> 0"),
            )
            for place, name in enumerate(WEEKDAYS)
        ),
        Index("ix_standing_order_resident_id", "resident_id"),
        Index("ix_standing_order_canteen_id", "canteen_id"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    canteen_id: int = refers_to("canteen.site_id")
    meal: Meal = chosen_from(Meal)
    weekdays: int = Field(description="Monday is 1, Tuesday 2, Wednesday 4 and so on, added up.")
    diet: Diet = chosen_from(Diet)
    handing: Handing = chosen_from(Handing)
    starts_on: date
    ends_on: date | None = None
    made_by: BookedBy = chosen_from(BookedBy)
    made_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)
    end_reason: OrderEnd | None = chosen_from(OrderEnd, optional=True)


class MealPause(Table, table=True):
    """暂停: days without a meal, of one standing order by wish, or of a resident who is away.

    `ends_on` is the first day on which meals go on; an absence has none until somebody is back. A
    pause that was lifted counts no more.
    """

    __tablename__ = "meal_pause"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(DAYS_FIT, name="days_fit_the_fold"),
        CheckConstraint("(cause = 'wished') = (order_id IS NOT NULL)", name="wished_of_an_order"),
        CheckConstraint("cause <> 'wished' OR ends_on IS NOT NULL", name="wished_until_a_day"),
        ExcludeConstraint(
            (text(days_of("order_id")), "&&"),
            name="ex_meal_pause_one_an_order",
            where=text("lifted_at IS NULL AND order_id IS NOT NULL"),
        ),
        ExcludeConstraint(
            (text(days_of("resident_id")), "&&"),
            name="ex_meal_pause_one_absence",
            where=text("lifted_at IS NULL AND order_id IS NULL"),
        ),
        Index("ix_meal_pause_resident_id", "resident_id"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    order_id: int | None = refers_to("standing_order.id", optional=True)
    cause: PauseCause = chosen_from(PauseCause)
    starts_on: date
    ends_on: date | None = None
    noted_at: datetime = instant()
    lifted_at: datetime | None = instant(optional=True)


class StandingRefusal(Table, table=True):
    """A day on which a standing order could not be booked, and why; it is tried again."""

    __tablename__ = "standing_refusal"
    __table_args__ = (
        UniqueConstraint("order_id", "service_on"),
        CheckConstraint("tries > 0", name="was_tried"),
        Index("ix_standing_refusal_resident_id", "resident_id"),
        Index(
            "ix_standing_refusal_canteen_id",
            "canteen_id",
            "service_on",
            postgresql_where=text("solved_at IS NULL"),
        ),
    )

    id: int | None = key()
    order_id: int = refers_to("standing_order.id")
    resident_id: int = refers_to("resident.id")
    canteen_id: int = refers_to("canteen.site_id")
    service_on: date
    code: str = Field(max_length=60, description="Which refusal, as errors name it.")
    first_at: datetime = instant()
    tried_at: datetime = instant()
    tries: int = Field(default=1)
    solved_at: datetime | None = instant(optional=True)
