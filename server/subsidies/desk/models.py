"""Sums of runs, kept by the database as their slices are sealed."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer
from sqlmodel import Field

from server.db.tables import Table, instant


class SubsidySum(Table, table=True):
    """What a run comes to at a site in a month; written by the sealing of slices alone."""

    __tablename__ = "subsidy_sum"
    __table_args__ = (Index("ix_subsidy_sum_month", "month", postgresql_include=["run_id", "fen"]),)

    run_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("subsidy_run.id"), primary_key=True, autoincrement=False
        )
    )
    month: date = Field(sa_column=Column(Date, primary_key=True))
    site_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    lines: int = Field(sa_column=Column(Integer, nullable=False))
    refused: int = Field(sa_column=Column(Integer, nullable=False))
    fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    summed_at: datetime = instant()
