"""One row for every slot of every job: the row, not the leader, decides who runs it."""

from datetime import datetime
from typing import NewType

from sqlalchemy import CheckConstraint, Column, DateTime, Index, text
from sqlmodel import Field

from server.db.tables import Table, instant, key, refers_to

JobWishId = NewType("JobWishId", int)


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
    caught_up: bool = Field(default=False, description="Begun when its time was past.")


class JobLine(Table, table=True):
    """A line of the timetable, as the scheduler that leads last read it out."""

    __tablename__ = "job_line"
    __table_args__ = (CheckConstraint("late_after_s > 0", name="late_some_time"),)

    job: str = Field(primary_key=True, max_length=60)
    fields: str = Field(max_length=120, description="When, in the words of cron.")
    why: str = Field(max_length=200, description="A sentence of the catalogues.")
    is_recorded: bool
    late_after_s: int = Field(description="After so many seconds a slot not done is late.")
    made_up_s: int = Field(description="Missed slots so far back are each made up.")
    slot_at: datetime | None = instant(
        optional=True, description="The slot that was the latest when it was read out."
    )
    next_at: datetime | None = instant(optional=True)
    told_at: datetime = instant()


class JobWish(Table, table=True):
    """Somebody wants a job run now, and says why; the scheduler that leads does it once."""

    __tablename__ = "job_wish"
    __table_args__ = (
        CheckConstraint("taken_at >= asked_at", name="taken_after"),
        Index("uq_job_wish_open", "job", unique=True, postgresql_where=text("taken_at IS NULL")),
    )

    id: int | None = key()
    job: str = Field(max_length=60)
    reason: str = Field(min_length=1, max_length=200)
    asked_at: datetime = instant(description="The slot of its run.")
    asked_by: int | None = refers_to("staff.id", optional=True)
    taken_at: datetime | None = instant(optional=True)
