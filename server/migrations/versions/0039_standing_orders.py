"""Standing orders and their pauses, waiting for a place, and days that a canteen closes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MEALS = ("breakfast", "lunch", "dinner")
DIETS = (
    "normal", "soft", "semi_liquid", "low_salt", "low_sugar", "low_fat", "vegetarian", "halal",
)  # fmt: skip
HANDINGS = ("at_canteen", "delivery")
BOOKED_BY = ("self", "helper", "staff", "canteen", "paper", "standing", "walk_in")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_FIT = "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')"
STANDS_IN_LINE = "state IN ('waiting', 'offered')"


def upgrade() -> None:
    _held_places()
    _orders()
    _pauses()
    _refusals()
    _waiting()
    _closures()
    sql.execute("0039_standing_orders")


def _held_places() -> None:
    """A place offered to somebody is counted beside those that are booked."""
    held = sa.Column("held", sa.Integer(), nullable=False, server_default="0")
    op.add_column("sitting", held)
    op.drop_constraint(op.f("ck_sitting_booked_within_capacity"), "sitting")
    for name, condition in (
        ("booked_within_capacity", "booked BETWEEN 0 AND capacity - held"),
        ("held_not_negative", "held >= 0"),
    ):
        op.create_check_constraint(op.f(f"ck_sitting_{name}"), "sitting", condition)


def _orders() -> None:
    op.create_table(
        "standing_order",
        _key(),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("meal", _one_of("meal", *MEALS), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("diet", _one_of("diet", *DIETS), nullable=False),
        sa.Column("handing", _one_of("handing", *HANDINGS), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("made_by", _one_of("bookedby", *BOOKED_BY), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column(
            "end_reason",
            _one_of("orderend", "wished", "ran_out", "died", "moved_away", "account_closed"),
            nullable=True,
        ),
        _rule("standing_order", "weekdays_of_a_week", "weekdays BETWEEN 1 AND 127"),
        _rule("standing_order", "ends_after_start", "ends_on > starts_on"),
        _rule("standing_order", "days_fit_the_fold", DAYS_FIT),
        _rule("standing_order", "ended_for_a_reason", "(ended_at IS NULL) = (end_reason IS NULL)"),
        _refers("standing_order", "resident_id", "resident.id"),
        _refers("standing_order", "canteen_id", "canteen.site_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_order")),
    )
    for place, name in enumerate(WEEKDAYS):
        holds = sa.text(f"ended_at IS NULL AND (weekdays & {1 << place}) <> 0")
        op.create_index(
            f"uq_standing_order_{name}", "standing_order", ["resident_id", "meal"],
            unique=True, postgresql_where=holds,
        )  # fmt: skip
    for column in ("resident_id", "canteen_id"):
        op.create_index(f"ix_standing_order_{column}", "standing_order", [column])


def _pauses() -> None:
    op.create_table(
        "meal_pause",
        _key(),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "cause",
            _one_of("pausecause", "wished", "in_hospital", "in_care_home"),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        _rule("meal_pause", "ends_after_start", "ends_on > starts_on"),
        _rule("meal_pause", "days_fit_the_fold", DAYS_FIT),
        _rule("meal_pause", "wished_of_an_order", "(cause = 'wished') = (order_id IS NOT NULL)"),
        _rule("meal_pause", "wished_until_a_day", "cause <> 'wished' OR ends_on IS NOT NULL"),
        _never_twice("ex_meal_pause_one_an_order", "order_id", "order_id IS NOT NULL"),
        _never_twice("ex_meal_pause_one_absence", "resident_id", "order_id IS NULL"),
        _refers("meal_pause", "resident_id", "resident.id"),
        _refers("meal_pause", "order_id", "standing_order.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_pause")),
    )
    op.create_index("ix_meal_pause_resident_id", "meal_pause", ["resident_id"])


def _refusals() -> None:
    op.create_table(
        "standing_refusal",
        _key(),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("solved_at", MOMENT, nullable=True),
        _rule("standing_refusal", "was_tried", "tries > 0"),
        _refers("standing_refusal", "order_id", "standing_order.id"),
        _refers("standing_refusal", "resident_id", "resident.id"),
        _refers("standing_refusal", "canteen_id", "canteen.site_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_refusal")),
        sa.UniqueConstraint(
            "order_id", "service_on", name=op.f("uq_standing_refusal_order_id_service_on")
        ),
    )
    op.create_index("ix_standing_refusal_resident_id", "standing_refusal", ["resident_id"])
    op.create_index(
        "ix_standing_refusal_canteen_id", "standing_refusal", ["canteen_id", "service_on"],
        postgresql_where=sa.text("solved_at IS NULL"),
    )  # fmt: skip


def _waiting() -> None:
    op.create_table(
        "meal_waiting",
        _key(),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("meal", _one_of("meal", *MEALS), nullable=False),
        sa.Column("diet", _one_of("diet", *DIETS), nullable=False),
        sa.Column("handing", _one_of("handing", *HANDINGS), nullable=False),
        sa.Column(
            "state",
            _one_of(
                "mealwaitingstate",
                *("waiting", "offered", "taken", "declined", "lapsed", "left", "unserved"),
            ),
            nullable=False,
        ),
        sa.Column("joined_by", _one_of("bookedby", *BOOKED_BY), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        _rule("meal_waiting", "ended_at_a_time", f"({STANDS_IN_LINE}) = (ended_at IS NULL)"),
        _rule(
            "meal_waiting",
            "offered_until_a_time",
            "state <> 'offered' OR coalesce(expires_at > offered_at, false)",
        ),
        _rule("meal_waiting", "booked_when_taken", "booking_id IS NULL OR state = 'taken'"),
        sa.ForeignKeyConstraint(
            ["sitting_id", "service_on", "meal", "canteen_id"],
            ["sitting.id", "sitting.service_on", "sitting.meal", "sitting.canteen_id"],
            name="fk_meal_waiting_sitting",
        ),
        _refers("meal_waiting", "resident_id", "resident.id"),
        _refers("meal_waiting", "booking_id", "booking.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_waiting")),
    )
    in_line = sa.text(STANDS_IN_LINE)
    op.create_index(
        "uq_meal_waiting_one_open", "meal_waiting", ["resident_id", "sitting_id"],
        unique=True, postgresql_where=in_line,
    )  # fmt: skip
    op.create_index(
        "ix_meal_waiting_line", "meal_waiting", ["sitting_id", "joined_at", "id"],
        postgresql_where=in_line,
    )  # fmt: skip
    op.create_index("ix_meal_waiting_resident_id", "meal_waiting", ["resident_id", "service_on"])
    op.create_index("ix_meal_waiting_booking_id", "meal_waiting", ["booking_id"])


def _closures() -> None:
    op.create_table(
        "canteen_closure",
        _key(),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("meal", _one_of("meal", *MEALS), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("reopened_at", MOMENT, nullable=True),
        _refers("canteen_closure", "canteen_id", "canteen.site_id"),
        _refers("canteen_closure", "closed_by", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canteen_closure")),
    )
    op.create_index(
        "uq_canteen_closure_one_standing",
        "canteen_closure",
        ["canteen_id", "service_on", "meal"],
        unique=True,
        postgresql_where=sa.text("reopened_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _never_twice(name: str, column: str, where: str) -> postgresql.ExcludeConstraint:
    fold = (
        f"int8range({column} * 100000 + (starts_on - DATE '1900-01-01'),"
        f" {column} * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
    )
    lasting = sa.text(f"lifted_at IS NULL AND {where}")
    return postgresql.ExcludeConstraint(
        (sa.text(fold), "&&"), using="gist", name=name, where=lasting
    )


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
