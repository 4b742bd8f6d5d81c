"""Canteens, dishes, sittings and bookings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canteen",
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "operating_model",
            sa.Enum(
                "party_led",
                "chain",
                "joint",
                "charity",
                "central_kitchen",
                "neighbour",
                name="operatingmodel",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("discount_percent", sa.Integer(), nullable=False),
        sa.Column("charity_fen", sa.Integer(), nullable=False),
        sa.Column("menu_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("charity_fen >= 0", name=op.f("ck_canteen_charity_not_negative")),
        sa.CheckConstraint(
            "discount_percent BETWEEN 0 AND 100", name=op.f("ck_canteen_discount_is_percent")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_canteen_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_canteen")),
    )
    op.create_table(
        "dish",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("diets", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("allergens", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("picture", sa.String(length=20), nullable=False),
        sa.Column("photo_url", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["canteen_id"], ["canteen.site_id"], name=op.f("fk_dish_canteen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dish")),
    )
    op.create_index(op.f("ix_dish_canteen_id"), "dish", ["canteen_id"], unique=False)
    op.create_table(
        "sitting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column(
            "meal",
            sa.Enum(
                "breakfast",
                "lunch",
                "dinner",
                name="meal",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("serves_from", sa.Time(), nullable=False),
        sa.Column("serves_until", sa.Time(), nullable=False),
        sa.Column("cutoff_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("list_price_fen", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "booked BETWEEN 0 AND capacity", name=op.f("ck_sitting_booked_within_capacity")
        ),
        sa.CheckConstraint("list_price_fen > 0", name=op.f("ck_sitting_price_positive")),
        sa.CheckConstraint("serves_until > serves_from", name=op.f("ck_sitting_serves_some_time")),
        sa.ForeignKeyConstraint(
            ["canteen_id"], ["canteen.site_id"], name=op.f("fk_sitting_canteen_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint(
            "canteen_id", "service_on", "meal", name=op.f("uq_sitting_canteen_id_service_on_meal")
        ),
        sa.UniqueConstraint("id", "service_on", "meal", "canteen_id", name="uq_sitting_identity"),
        postgresql_with={"fillfactor": 30},
    )
    op.create_index("ix_sitting_service_on", "sitting", ["service_on", "canteen_id"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("canteen_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column(
            "meal",
            sa.Enum(
                "breakfast",
                "lunch",
                "dinner",
                name="meal",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "booked",
                "collected",
                "cancelled",
                name="bookingstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "booked_by",
            sa.Enum(
                "self",
                "helper",
                "staff",
                name="bookedby",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("list_price_fen", sa.Integer(), nullable=False),
        sa.Column("operator_discount_fen", sa.Integer(), nullable=False),
        sa.Column("subsidy_fen", sa.Integer(), nullable=False),
        sa.Column("charity_fen", sa.Integer(), nullable=False),
        sa.Column("own_pay_fen", sa.Integer(), nullable=False),
        sa.Column("subsidised_no", sa.Integer(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)",
            name=op.f("ck_booking_cancelled_has_time"),
        ),
        sa.CheckConstraint(
            "(status = 'collected') = (collected_at IS NOT NULL)",
            name=op.f("ck_booking_collected_has_time"),
        ),
        sa.CheckConstraint(
            "(subsidy_fen > 0) = (subsidised_no IS NOT NULL)",
            name=op.f("ck_booking_subsidised_is_numbered"),
        ),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f("ck_booking_code_is_six_digits")),
        sa.CheckConstraint(
            "least(operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen) >= 0",
            name=op.f("ck_booking_parts_not_negative"),
        ),
        sa.CheckConstraint(
            "list_price_fen = operator_discount_fen + subsidy_fen + charity_fen + own_pay_fen",
            name=op.f("ck_booking_parts_sum"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_booking_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id", "service_on", "meal", "canteen_id"],
            ["sitting.id", "sitting.service_on", "sitting.meal", "sitting.canteen_id"],
            name="fk_booking_sitting",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index("ix_booking_sitting_id", "booking", ["sitting_id"], unique=False)
    op.create_index(
        "uq_booking_code",
        "booking",
        ["canteen_id", "service_on", "code"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "uq_booking_subsidised_no",
        "booking",
        ["resident_id", "service_on", "subsidised_no"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "uq_booking_one_meal",
        "booking",
        ["resident_id", "service_on", "meal"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_table(
        "sitting_dish",
        sa.Column("sitting_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dish_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"], name=op.f("fk_sitting_dish_dish_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_dish_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "dish_id", name=op.f("pk_sitting_dish")),
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
