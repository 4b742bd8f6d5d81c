"""The kitchen's week: forms of canteens, templates, eaters' needs, frozen sheets, samples."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MEALS = ("breakfast", "lunch", "dinner")
KINDS = ("kitchen", "hand_out_point", "central_kitchen", "restaurant_table", "neighbour")
DIETS = (
    "normal", "soft", "semi_liquid", "low_salt", "low_sugar", "low_fat", "vegetarian", "halal",
)  # fmt: skip
ALLERGENS = (
    "wheat", "shellfish", "fish", "egg", "peanut", "soy", "milk", "nuts", "sesame", "gluten",
)  # fmt: skip


def upgrade() -> None:
    _canteens()
    _dishes()
    op.add_column("sitting", sa.Column("publishes_at", MOMENT, nullable=True))
    _templates()
    _dietary_notes()
    _sheets()
    _samples()
    sql.execute("0038_kitchen")


def _canteens() -> None:
    for column in (
        sa.Column("kind", sa.String(length=30), nullable=False, server_default="kitchen"),
        sa.Column("supplied_by_id", sa.BigInteger(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("delivers", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("serves_on_holidays", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("bank", sa.String(length=60), nullable=True),
        sa.Column("account_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("account_digest", sa.LargeBinary(), nullable=True),
        sa.Column("last_four", sa.String(length=4), nullable=True),
    ):
        op.add_column("canteen", column)
    supplied = op.f("fk_canteen_supplied_by_id")
    op.create_foreign_key(supplied, "canteen", "canteen", ["supplied_by_id"], ["site_id"])
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    for name, condition in (
        ("canteenkind", f"kind IN ({listed})"),
        ("not_supplied_by_itself", "supplied_by_id <> site_id"),
        ("seats_not_negative", "seats >= 0"),
        (
            "account_is_whole",
            "num_nulls(bank, account_cipher, account_digest, last_four) IN (0, 4)",
        ),
        ("last_four_are_digits", "last_four ~ '^[0-9]{4}$'"),
    ):
        op.create_check_constraint(op.f(f"ck_canteen_{name}"), "canteen", condition)


def _dishes() -> None:
    op.add_column("dish", sa.Column("price_fen", sa.Integer(), nullable=True))
    offered: sa.Column[bool] = sa.Column(
        "is_offered", sa.Boolean(), nullable=False, server_default=sa.true()
    )
    op.add_column("dish", offered)
    op.create_check_constraint(op.f("ck_dish_price_not_negative"), "dish", "price_fen >= 0")


def _templates() -> None:
    op.create_table(
        "sitting_template",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("meal", _one_of("meal", *MEALS), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("is_served", sa.Boolean(), nullable=False),
        sa.Column("serves_from", sa.Time(), nullable=False),
        sa.Column("serves_until", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("list_price_fen", sa.Integer(), nullable=False),
        sa.Column("cutoff_days", sa.Integer(), nullable=True),
        sa.Column("cutoff_at", sa.Time(), nullable=True),
        sa.Column("late_until", sa.Time(), nullable=True),
        sa.Column("late_places", sa.Integer(), nullable=False),
        _rule("sitting_template", "weekday_is_iso", "weekday BETWEEN 1 AND 7"),
        _rule("sitting_template", "places_not_negative", "capacity >= 0 AND late_places >= 0"),
        _rule("sitting_template", "price_positive", "list_price_fen > 0"),
        _rule("sitting_template", "serves_some_time", "serves_until > serves_from"),
        _rule("sitting_template", "cutoff_not_afterwards", "cutoff_days >= 0"),
        _rule("sitting_template", "cutoff_is_whole", "(cutoff_days IS NULL) = (cutoff_at IS NULL)"),
        _refers("sitting_template", "canteen_id", "canteen.site_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_template")),
        sa.UniqueConstraint(
            "canteen_id", "weekday", "meal", "starts_on", name=op.f("uq_sitting_template_once")
        ),
    )


def _dietary_notes() -> None:
    listed = ", ".join(f"'{one}'" for one in ALLERGENS)
    op.create_table(
        "dietary_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("usual_diet", _one_of("diet", *DIETS), nullable=False),
        sa.Column("allergens", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("dislikes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        _rule("dietary_note", "allergens_are_known", f"allergens <@ ARRAY[{listed}]"),
        _rule("dietary_note", "dislikes_are_few", "cardinality(dislikes) <= 10"),
        _refers("dietary_note", "resident_id", "resident.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dietary_note")),
    )
    columns = ["resident_id", "noted_at"]
    op.create_index("ix_dietary_note_resident_id", "dietary_note", columns)


def _sheets() -> None:
    op.create_table(
        "kitchen_sheet",
        sa.Column("sitting_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.Column("frozen_by", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _rule("kitchen_sheet", "numbers_count", "version > 0 AND total >= 0"),
        _rule("kitchen_sheet", "digest_is_sha256", "length(digest) = 32"),
        _refers("kitchen_sheet", "sitting_id", "sitting.id"),
        _refers("kitchen_sheet", "frozen_by", "staff.id"),
        sa.PrimaryKeyConstraint("sitting_id", "version", name=op.f("pk_kitchen_sheet")),
    )


def _samples() -> None:
    op.create_table(
        "food_sample",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("dish_id", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("tenths_celsius", sa.Integer(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=False),
        sa.Column("keep_until", MOMENT, nullable=False),
        sa.Column("discarded_at", MOMENT, nullable=True),
        sa.Column("discarded_by", sa.BigInteger(), nullable=True),
        _rule("food_sample", "grams_positive", "grams > 0"),
        _rule("food_sample", "degrees_are_believable", "tenths_celsius BETWEEN -400 AND 600"),
        _rule("food_sample", "kept_some_time", "keep_until > taken_at"),
        _rule("food_sample", "not_discarded_early", "discarded_at >= keep_until"),
        _rule(
            "food_sample",
            "discarded_by_somebody",
            "(discarded_at IS NULL) = (discarded_by IS NULL)",
        ),
        _refers("food_sample", "canteen_id", "canteen.site_id"),
        _refers("food_sample", "sitting_id", "sitting.id"),
        _refers("food_sample", "dish_id", "dish.id"),
        _refers("food_sample", "taken_by", "staff.id"),
        _refers("food_sample", "discarded_by", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_sample")),
        sa.UniqueConstraint(
            "sitting_id", "dish_id", name=op.f("uq_food_sample_sitting_id_dish_id")
        ),
    )
    kept = sa.text("discarded_at IS NULL")
    columns = ["canteen_id", "keep_until"]
    op.create_index("ix_food_sample_kept", "food_sample", columns, postgresql_where=kept)


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
