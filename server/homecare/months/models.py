"""Facts of closed months: written once, by the closing, and never changed."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index
from sqlmodel import Field

from server.db.tables import Table, refers_to, sealed, words

OF_A_MONTH = ["home_month.site_id", "home_month.month"]


def part_of_key(target: str) -> Column[int]:
    """A column of the key that refers elsewhere."""
    return Column(BigInteger, ForeignKey(target), primary_key=True, autoincrement=False)


class HomeMonth(Table, table=True):
    """What a provider served in a month, over all beds; `digest` is SHA-256 over every fact of it.

    `satisfied` are ratings of the best face, of `rated`; `doubted` visits stand in open findings.
    """

    __tablename__ = "home_month"
    __table_args__ = (
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("met <= beds AND satisfied <= rated", name="parts_fit"),
        CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
    )

    site_id: int = Field(sa_column=part_of_key("site.id"))
    month: date = Field(primary_key=True)
    beds: int
    met: int = Field(description="Beds that had what a bed at home is owed.")
    visits: int
    minutes: int
    confirmed: int
    doubted: int
    rated: int
    satisfied: int
    digest: bytes = sealed()


class HomeMonthBed(Table, table=True):
    """What one bed was served: minutes count up to those ordered, and not where a visit was found
    to be untrue. `reasons` says what was missing; empty is met."""

    __tablename__ = "home_month_bed"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "month"], OF_A_MONTH, name="fk_home_month_bed_month"),
        Index("ix_home_month_bed_resident_id", "resident_id", "month"),
    )

    site_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    month: date = Field(primary_key=True)
    home_bed_id: int = Field(sa_column=part_of_key("home_bed.id"))
    resident_id: int = refers_to("resident.id")
    visits: int
    minutes: int
    life_minutes: int
    nursing_visits: int
    confirmed: int
    unproved: int
    doubted: int
    rated: int
    satisfied: int
    reasons: list[str] = words()


class HomeMonthWorker(Table, table=True):
    """What one worker served in a provider's month."""

    __tablename__ = "home_month_worker"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "month"], OF_A_MONTH, name="fk_home_month_worker_month"),
    )

    site_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    month: date = Field(primary_key=True)
    worker_id: int = Field(sa_column=part_of_key("staff.id"))
    visits: int
    minutes: int
    beds: int
    doubted: int
    rated: int
    satisfied: int
