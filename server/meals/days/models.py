"""Days that a canteen does not serve, though it would."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.meals.models import Meal


class CanteenClosure(Table, table=True):
    """停餐: a canteen serves nothing on a day, or one meal of it less, for a reason in words."""

    __tablename__ = "canteen_closure"
    __table_args__ = (
        Index(
            "uq_canteen_closure_one_standing",
            "canteen_id",
            "service_on",
            "meal",
            unique=True,
            postgresql_where=text("reopened_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: int | None = key()
    canteen_id: int = refers_to("canteen.site_id")
    service_on: date
    meal: Meal | None = chosen_from(Meal, optional=True)
    reason: str = Field(min_length=1, max_length=60, description="As elders read it.")
    closed_at: datetime = instant()
    closed_by: int | None = refers_to("staff.id", optional=True)
    cancelled: int = Field(default=0, description="How many meals were called off by it.")
    reopened_at: datetime | None = instant(optional=True)
