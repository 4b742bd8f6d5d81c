"""Settled months of canteens: sums, their lines, the meals beneath them, and adjustments."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlmodel import Field

from server.db.tables import Table, chosen_from, different_people, fen, instant, key, refers_to
from server.db.tables import sealed as digest_column
from server.meals.models import Meal


class SettlementStage(StrEnum):
    """Where a settled month stands; it only ever goes on."""

    DRAWN_UP = "drawn_up"  # 已汇总，待食堂确认
    CONFIRMED = "confirmed"  # 食堂已确认，待区县审核
    ACCEPTED = "accepted"  # 区县已审核，待拨付
    PAID = "paid"  # 已拨付


class AdjustmentState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


def part_of_key(target: str) -> Column[int]:
    """A column of the key that refers elsewhere."""
    return Column(BigInteger, ForeignKey(target), primary_key=True, autoincrement=False)


def _meal_of_the_key() -> Column[Meal]:
    column: Column[Meal] = chosen_from(Meal).sa_column
    column.primary_key = True
    return column


class MealSettlement(Table, table=True):
    """月结: what a canteen handed out in a month and what the city owes it; sums never change.

    `digest` is SHA-256 over every meal of it. `due_on` is the last day of the present stage.
    """

    __tablename__ = "meal_settlement"
    __table_args__ = (
        UniqueConstraint("site_id", "month"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint(
            "list_fen = discount_fen + subsidy_fen + charity_fen + own_pay_fen", name="parts_sum"
        ),
        CheckConstraint("operation_fen = person_days * rate_fen", name="operation_is_by_rate"),
        CheckConstraint(
            "owed_fen = subsidy_fen + operation_fen + adjustment_fen", name="owed_is_the_sum"
        ),
        CheckConstraint("person_days <= meals", name="person_days_fit"),
        CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("(stage = 'drawn_up') = (confirmed_at IS NULL)", name="confirmed_in_turn"),
        CheckConstraint(
            "(stage IN ('accepted', 'paid')) = (accepted_at IS NOT NULL)", name="accepted_in_turn"
        ),
        CheckConstraint(
            "(stage = 'paid') = (paid_on IS NOT NULL) AND (paid_on IS NULL) = (paid_number = '')",
            name="paid_in_turn",
        ),
        different_people("drawn_up_by", "accepted_by", name="accepted_by_another"),
        different_people("confirmed_by", "accepted_by", name="not_accepted_by_the_canteen"),
        Index("ix_meal_settlement_stage", "stage", "due_on"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    month: date = Field(description="Its first day.")
    stage: SettlementStage = chosen_from(SettlementStage)
    meals: int
    person_days: int = Field(description="People and days on which they ate.")
    list_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    discount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    subsidy_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    charity_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    own_pay_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    rate_fen: int = fen(description="Operating subsidy of a person-day.")
    rate_parameter_id: int = refers_to("parameter.id")
    operation_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    adjustment_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    owed_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    digest: bytes = digest_column()
    drawn_up_at: datetime = instant()
    drawn_up_by: int | None = refers_to("staff.id", optional=True)
    due_on: date
    confirmed_at: datetime | None = instant(optional=True)
    confirmed_by: int | None = refers_to("staff.id", optional=True)
    accepted_at: datetime | None = instant(optional=True)
    accepted_by: int | None = refers_to("staff.id", optional=True)
    paid_on: date | None = None
    paid_by: int | None = refers_to("staff.id", optional=True)
    paid_number: str = Field(default="", max_length=60, description="Of the payment order.")


class MealFact(Table, table=True):
    """A meal as it was settled: who ate it, of which age and tier that day, and who paid what."""

    __tablename__ = "meal_fact"
    __table_args__ = (
        CheckConstraint(
            "list_price_fen = operator_discount_fen + subsidy_fen + charity_fen + own_pay_fen",
            name="parts_sum",
        ),
        Index("ix_meal_fact_settlement_id", "settlement_id", "service_on"),
        Index("ix_meal_fact_resident_id", "resident_id", "service_on"),
    )

    booking_id: int = Field(sa_column=part_of_key("booking.id"))
    settlement_id: int = refers_to("meal_settlement.id")
    site_id: int = refers_to("site.id")
    resident_id: int = refers_to("resident.id")
    service_on: date
    meal: Meal = chosen_from(Meal)
    age: int
    age_band: str = Field(max_length=10, description="As the rates by age part it, `65-79`.")
    tier: str = Field(max_length=30, description="Of hardship, on the day.")
    list_price_fen: int = fen()
    operator_discount_fen: int = fen()
    subsidy_fen: int = fen()
    charity_fen: int = fen()
    own_pay_fen: int = fen()


class MealSettlementLine(Table, table=True):
    """The meals of one age band, tier and meal of a settled month, together."""

    __tablename__ = "meal_settlement_line"

    settlement_id: int = Field(sa_column=part_of_key("meal_settlement.id"))
    meal: Meal = Field(sa_column=_meal_of_the_key())
    age_band: str = Field(primary_key=True, max_length=10)
    tier: str = Field(primary_key=True, max_length=30)
    meals: int
    list_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    discount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    subsidy_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    charity_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    own_pay_fen: int = Field(sa_column=Column(BigInteger, nullable=False))


class MealAdjustment(Table, table=True):
    """调整: an amount that is put right in a month not yet settled, for a reason, by two people.

    `booking_id` names the meal it is about, for instance one handed out late in a settled month.
    """

    __tablename__ = "meal_adjustment"
    __table_args__ = (
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("amount_fen <> 0", name="is_an_amount"),
        CheckConstraint("reason <> ''", name="for_a_reason"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_at_a_time"),
        different_people("asked_by", "decided_by", name="decided_by_another"),
        Index("ix_meal_adjustment_site_id", "site_id", "month"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    month: date = Field(description="The first day of the month in which it counts.")
    amount_fen: int = fen()
    reason: str = Field(max_length=200)
    booking_id: int | None = refers_to("booking.id", optional=True)
    state: AdjustmentState = chosen_from(AdjustmentState)
    asked_at: datetime = instant()
    asked_by: int = refers_to("staff.id")
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
