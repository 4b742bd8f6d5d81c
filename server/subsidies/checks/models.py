"""Which lines a finding speaks of."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
)
from sqlmodel import Field

from server.db.tables import Table


class FindingLine(Table, table=True):
    """A line in question; never rewritten, as the finding's evidence is not."""

    __tablename__ = "finding_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "number"],
            ["subsidy_line.run_id", "subsidy_line.number"],
            name="fk_finding_line_line",
        ),
        Index("ix_finding_line_run_id", "run_id", "number"),
    )

    finding_id: int = Field(
        sa_column=Column(
            BigInteger,
            ForeignKey("finding.id"),
            primary_key=True,
            autoincrement=False,
        )
    )
    run_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
