"""The register as an office works with it: helpers' scopes, special care, opened files."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RELATIONS = ("child", "spouse", "relative", "neighbour", "community", "other")
CARES = (
    "living_alone",
    "empty_nest",
    "left_behind",
    "childless",
    "severely_disabled",
    "incapacitated",
)


def upgrade() -> None:
    widen_grants()
    let_periods_be_taken_back()
    create_special_care()
    create_openings()
    sql.execute("0010_register")


def widen_grants() -> None:
    op.add_column(
        "resident_grant",
        sa.Column("holder_name", sa.String(length=60), nullable=False, server_default=""),
    )
    op.add_column(
        "resident_grant", sa.Column("relation", chosen("relation", RELATIONS), nullable=True)
    )
    op.drop_constraint("ck_resident_grant_ends_after_start", "resident_grant")
    op.create_check_constraint(
        op.f("ck_resident_grant_ends_not_before_start"), "resident_grant", "ends_on >= starts_on"
    )
    op.create_check_constraint(
        op.f("ck_resident_grant_scopes_are_known"),
        "resident_grant",
        "scopes <@ ARRAY['book_meals', 'see_visits', 'apply', 'see_health']",
    )


def let_periods_be_taken_back() -> None:
    """A period that ends on its first day never held; it stays as what was once noted."""
    op.drop_constraint("ck_hardship_period_ends_after_start", "hardship_period")
    op.create_check_constraint(
        op.f("ck_hardship_period_ends_not_before_start"), "hardship_period", "ends_on >= starts_on"
    )


def create_special_care() -> None:
    op.create_table(
        "special_care_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("care", chosen("specialcare", CARES), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_special_care_period_ends_not_before_start")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_special_care_period_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_care_period")),
    )
    op.create_index(
        op.f("ix_special_care_period_resident_id"), "special_care_period", ["resident_id"]
    )
    op.create_index(
        "uq_special_care_period_open",
        "special_care_period",
        ["resident_id", "care"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )


def create_openings() -> None:
    op.create_table(
        "opening",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_opening_ends_after_start")),
        sa.CheckConstraint("length(btrim(reason)) >= 2", name=op.f("ck_opening_reason_is_said")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_opening_resident_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_opening_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index("ix_opening_resident_id", "opening", ["resident_id", "opened_at"])
    op.create_index("ix_opening_staff_id", "opening", ["staff_id", "resident_id", "expires_at"])


def chosen(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
