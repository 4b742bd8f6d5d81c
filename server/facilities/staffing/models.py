"""How many caregivers a facility has on duty, by week and shift; no person is in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, instant, key, refers_to

MOST_ON_DUTY = 500


class StaffingWeek(Table, table=True):
    """在岗护理员: how many caregivers are there in each shift of every day of a week.

    One a facility and week, told until a roster tells it; told again it is corrected, and the trail
    keeps what it said. `is_unchanged`: taken over from the week before by one tap.
    """

    __tablename__ = "staffing_week"
    __table_args__ = (
        UniqueConstraint("site_id", "starts_on"),
        CheckConstraint("EXTRACT(isodow FROM starts_on) = 1", name="begins_on_a_monday"),
        CheckConstraint(
            f"morning BETWEEN 0 AND {MOST_ON_DUTY} AND afternoon BETWEEN 0 AND {MOST_ON_DUTY}"
            f" AND night BETWEEN 0 AND {MOST_ON_DUTY}",
            name="counts_are_believable",
        ),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    starts_on: date = Field(description="The Monday.")
    morning: int = Field(description="早班.")
    afternoon: int = Field(description="中班.")
    night: int = Field(description="夜班.")
    is_unchanged: bool = False
    filed_at: datetime = instant()
    filed_by: int | None = refers_to("staff.id", optional=True)
