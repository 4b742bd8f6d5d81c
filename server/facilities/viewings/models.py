"""A visit to a home, asked for on the phone and answered by the home."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"


class ViewingState(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    DONE = "done"
    CANCELLED = "cancelled"


AHEAD = (ViewingState.ASKED, ViewingState.CONFIRMED)


class Viewing(Table, table=True):
    """约看: who wants to see a home, on which half day, and under which number to be called."""

    __tablename__ = "viewing"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_at_a_time"),
        CheckConstraint("state <> 'declined' OR answer <> ''", name="declined_for_a_reason"),
        Index(
            "uq_viewing_one_ahead",
            "resident_id",
            "site_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'confirmed')"),
        ),
        Index("ix_viewing_site_id", "site_id", "day"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    site_id: int = refers_to("site.id")
    day: date
    part: PartOfDay = chosen_from(PartOfDay)
    phone: str = Field(max_length=20, description="E.164: whom the home calls.")
    asked_at: datetime = instant()
    state: ViewingState = chosen_from(ViewingState)
    answered_at: datetime | None = instant(optional=True)
    answer: str = Field(default="", max_length=200, description="What the home says to it.")
