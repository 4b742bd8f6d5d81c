"""The counter: keys for meal codes, what was handed out, meal cards, and rounds of deliveries."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _keys()
    _collections()
    _cards()
    _rounds()
    sql.execute("0041_counter")


def _keys() -> None:
    op.create_table(
        "meal_key",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _rule("meal_key", "number_is_a_byte", "number BETWEEN 1 AND 255"),
        _rule("meal_key", "public_key_is_ed25519", "length(public_key) = 32"),
        _rule("meal_key", "revoked_is_retired", "revoked_at IS NULL OR retired_at IS NOT NULL"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_meal_key")),
    )
    op.create_index(
        "uq_meal_key_one_signs",
        "meal_key",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def _collections() -> None:
    op.create_table(
        "meal_collection",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "how",
            _one_of("how", "qr", "code", "phone", "name", "walk_in", "card", "staff", "delivery"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("device_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("is_offline", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("sign_in_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=True),
        _rule("meal_collection", "client_key_is_long", "length(client_key) BETWEEN 8 AND 64"),
        _rule("meal_collection", "staff_says_why", "how <> 'staff' OR reason IS NOT NULL"),
        _rule("meal_collection", "undone_says_why", "(undone_at IS NULL) = (undo_reason IS NULL)"),
        _refers("meal_collection", "booking_id", "booking"),
        _refers("meal_collection", "staff_id", "staff"),
        _refers("meal_collection", "sign_in_id", "sign_in"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_collection")),
        sa.UniqueConstraint("client_key", name=op.f("uq_meal_collection_client_key")),
    )
    op.create_index(
        "uq_meal_collection_of_booking",
        "meal_collection",
        ["booking_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("ix_meal_collection_booking_id", "meal_collection", ["booking_id"])


def _cards() -> None:
    op.create_table(
        "meal_card",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("number_digest", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=True),
        sa.Column("lost_at", MOMENT, nullable=True),
        _rule("meal_card", "lost_after_issue", "lost_at >= issued_at"),
        _refers("meal_card", "resident_id", "resident"),
        _refers("meal_card", "issued_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_card")),
        sa.UniqueConstraint("number_digest", name=op.f("uq_meal_card_number_digest")),
    )
    op.create_index(
        "uq_meal_card_of_resident",
        "meal_card",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("lost_at IS NULL"),
    )
    op.create_index("ix_meal_card_resident_id", "meal_card", ["resident_id"])


def _rounds() -> None:
    op.create_table(
        "meal_round",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=True),
        _rule("meal_round", "number_counts", "number > 0"),
        _refers("meal_round", "sitting_id", "sitting"),
        sa.ForeignKeyConstraint(
            ["canteen_id"], ["canteen.site_id"], name=op.f("fk_meal_round_canteen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_round")),
        sa.UniqueConstraint("sitting_id", "number", name=op.f("uq_meal_round_sitting_id_number")),
    )
    op.create_index("ix_meal_round_canteen_id", "meal_round", ["canteen_id"])
    _drops()


def _drops() -> None:
    op.create_table(
        "meal_drop",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("dropstate", "waiting", "handed", "not_home"), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("received_by", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        _rule("meal_drop", "position_counts", "position > 0"),
        _rule("meal_drop", "told_has_time", "(state = 'waiting') = (told_at IS NULL)"),
        _rule("meal_drop", "not_home_says_why", "(state = 'not_home') = (reason IS NOT NULL)"),
        _refers("meal_drop", "round_id", "meal_round"),
        _refers("meal_drop", "booking_id", "booking"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_drop")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_meal_drop_booking_id")),
    )
    op.create_index("ix_meal_drop_round_id", "meal_drop", ["round_id", "position"])


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
