"""One row for every slot of every job: the row, not the leader, decides who runs it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, DateTime, Index
from sqlmodel import Field

from server.db.tables import Table, instant


class JobRun(Table, table=True):
    """One run of one job for the slot the timetable gave it; nobody else runs that slot."""

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("items >= 0", name="items_not_negative"),
        Index("ix_job_run_slot", "slot"),
    )

    job: str = Field(primary_key=True, max_length=60)
    slot: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    runner: str = Field(max_length=32, description="Who runs it now; each attempt has its own.")
    started_at: datetime = instant()
    seen_at: datetime | None = instant(
        optional=True, description="The runner's last step; empty when it put the run down."
    )
    ended_at: datetime | None = instant(optional=True)
    items: int | None = Field(default=None, description="How much the run did.")
    error: str | None = Field(default=None, max_length=80, description="The error's name alone.")
