"""A sample of a run, and its lines."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, SmallInteger
from sqlmodel import Field

from server.db.tables import Table, different_people, instant, key, refers_to, sealed


class AuditSample(Table, table=True):
    """抽样: bound by the digest of a seed, later drawn by the seed itself; `bands` are 1 or 3."""

    __tablename__ = "audit_sample"
    __table_args__ = (
        CheckConstraint("bands IN (1, 3)", name="bands"),
        CheckConstraint("size BETWEEN 1 AND 2000", name="size"),
        CheckConstraint(
            "seed_digest = sha256(convert_to(seed, 'UTF8'))", name="seed_is_the_bound_one"
        ),
        CheckConstraint(
            "num_nulls(seed, drawn_at, population, population_fen) IN (0, 4)",
            name="drawn_is_whole",
        ),
    )

    id: int | None = key()
    run_id: int = refers_to("subsidy_run.id", index=True)
    bands: int = Field(sa_column=Column(SmallInteger, nullable=False))
    size: int
    seed_digest: bytes = sealed()
    bound_at: datetime = instant()
    bound_by: int | None = refers_to("staff.id", optional=True)
    seed: str | None = Field(default=None, max_length=100)
    drawn_at: datetime | None = instant(optional=True)
    drawn_by: int | None = refers_to("staff.id", optional=True)
    population: int | None = None
    population_fen: int | None = Field(default=None, sa_column=Column(BigInteger))


class AuditSampleLine(Table, table=True):
    """A line that was drawn, and what it should have been: said by one, confirmed by another."""

    __tablename__ = "audit_sample_line"
    __table_args__ = (
        CheckConstraint("right_fen >= 0", name="right_fen"),
        CheckConstraint(
            "num_nulls(right_fen, entered_at, entered_by) IN (0, 3)", name="entered_is_whole"
        ),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)"
            " AND (confirmed_at IS NULL OR entered_at IS NOT NULL)",
            name="confirmed_is_whole",
        ),
        different_people("entered_by", "confirmed_by", name="confirmed_by_another"),
    )

    sample_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("audit_sample.id"), primary_key=True, autoincrement=False
        )
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    band: int = Field(sa_column=Column(SmallInteger, nullable=False))
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    right_fen: int | None = Field(default=None, sa_column=Column(BigInteger))
    words: str = Field(default="", max_length=200)
    entered_at: datetime | None = instant(optional=True)
    entered_by: int | None = refers_to("staff.id", optional=True)
    confirmed_at: datetime | None = instant(optional=True)
    confirmed_by: int | None = refers_to("staff.id", optional=True)
