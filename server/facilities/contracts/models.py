"""Contracts and bills of stays."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to, structured

# (first night, day of leaving, is away) of a stay in a bed.
Record = tuple[date, date | None, bool]


class FeeItem(StrEnum):
    """What is paid for each month."""

    BED = "bed"  # 床位费
    NURSING = "nursing"  # 护理费
    MEALS = "meals"  # 膳食费
    OTHER = "other"  # 其他


class CorrectionReason(StrEnum):
    """Why a month comes to something else than what was billed."""

    FEWER_NIGHTS = "fewer_nights"  # 住宿晚数减少
    MORE_NIGHTS = "more_nights"  # 住宿晚数增加
    AWAY_NIGHTS = "away_nights"  # 离院晚数更正
    TERMS = "terms"  # 合同或标准更正


class Contract(Table, table=True):
    """入住合同: monthly fees by item and the deposit, for the nights from a day on.

    It covers the nights until the day before `ends_on`.
    """

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name="days_fit_the_fold",
        ),
        CheckConstraint(
            "bed_fen >= 0 AND nursing_fen >= 0 AND meals_fen >= 0 AND other_fen >= 0"
            " AND deposit_fen >= 0",
            name="fees_not_negative",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(stay_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " stay_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            name="ex_contract_one_a_night",
        ),
        Index("ix_contract_stay_id", "stay_id", "starts_on"),
    )

    id: int | None = key()
    stay_id: int = refers_to("stay.id")
    number: str = Field(default="", max_length=40)
    starts_on: date
    ends_on: date
    bed_fen: int = fen()
    nursing_fen: int = fen()
    meals_fen: int = fen()
    other_fen: int = fen()
    deposit_fen: int = fen()

    def monthly_fen(self, item: FeeItem) -> int:
        """Return what the item costs a whole month."""
        amount: int = getattr(self, f"{item.value}_fen")
        return amount

    @property
    def month_fen(self) -> int:
        """What a whole month costs."""
        return self.bed_fen + self.nursing_fen + self.meals_fen + self.other_fen


class StayBill(Table, table=True):
    """月账单: one a stay and month. `lines` say how the total came about, item by item."""

    __tablename__ = "stay_bill"
    __table_args__ = (
        UniqueConstraint("stay_id", "month"),
        CheckConstraint("total_fen >= 0", name="total_not_negative"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )

    id: int | None = key()
    stay_id: int = refers_to("stay.id")
    month: date
    total_fen: int = fen()
    lines: list[dict[str, Any]] = structured()
    posting_id: int | None = refers_to("ledger_posting.id", optional=True)
    billed_at: datetime = instant()

    def item_fen(self, item: FeeItem) -> int:
        """Return what the month cost of one item."""
        return sum(line["amount_fen"] for line in self.lines if line["item"] == item.value)


class BillCorrection(Table, table=True):
    """账单更正: what a billed month came to differently, once it was known.

    Below nought it is a 贷项, above it a 补收. `lines` tell the nights before and after; a bill and
    its corrections sum to what a bill of the month would be.
    """

    __tablename__ = "bill_correction"
    __table_args__ = (
        UniqueConstraint("stay_id", "month", "number"),
        ForeignKeyConstraint(
            ["stay_id", "month"],
            ["stay_bill.stay_id", "stay_bill.month"],
            name="fk_bill_correction_bill",
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("total_fen <> 0", name="total_is_one"),
    )

    id: int | None = key()
    stay_id: int = refers_to("stay.id")
    month: date
    number: int
    total_fen: int = fen()
    reason: CorrectionReason = chosen_from(CorrectionReason)
    lines: list[dict[str, Any]] = structured()
    posting_id: int = refers_to("ledger_posting.id")
    corrected_at: datetime = instant()
