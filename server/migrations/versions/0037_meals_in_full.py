"""How a meal is handed out, which diet it is cooked by, late places, and meals nobody fetched."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

DIETS = (
    "normal", "soft", "semi_liquid", "low_salt", "low_sugar", "low_fat", "vegetarian", "halal",
)  # fmt: skip
LISTS = {
    "status": ("bookingstatus", ("booked", "collected", "cancelled", "missed")),
    "booked_by": (
        "bookedby",
        ("self", "helper", "staff", "canteen", "paper", "standing", "walk_in"),
    ),
    "diet": ("diet", DIETS),
    "handing": ("handing", ("at_canteen", "delivery")),
}
LONGEST = 30


def upgrade() -> None:
    _late_places()
    _bookings()
    sql.execute("0037_meals_in_full")


def _late_places() -> None:
    op.add_column("sitting", sa.Column("late_until", sa.DateTime(timezone=True), nullable=True))
    for name in ("late_places", "late_booked"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("sitting", column)
    _check("sitting", "late_within_quota", "late_booked BETWEEN 0 AND late_places")
    _check("sitting", "late_after_cutoff", "late_until > cutoff_at")


def _bookings() -> None:
    for name, standard in (("diet", "normal"), ("handing", "at_canteen")):
        kind = sa.String(length=LONGEST)
        op.add_column("booking", sa.Column(name, kind, nullable=False, server_default=standard))
    late: sa.Column[bool] = sa.Column(
        "is_late", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("booking", late)
    op.add_column("booking", sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("status", "booked_by"):
        op.drop_constraint(op.f(f"ck_booking_{LISTS[column][0]}"), "booking")
    for column, (name, values) in LISTS.items():
        listed = ", ".join(f"'{value}'" for value in values)
        _check("booking", name, f"{column} IN ({listed})")
    _check("booking", "missed_has_time", "(status = 'missed') = (missed_at IS NOT NULL)")


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
