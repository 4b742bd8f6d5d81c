"""Divisions, providers and their sites, dated parameters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "division",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "county",
                "town",
                "village",
                name="divisionlevel",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(parent_code IS NULL) = (level = 'city') AND starts_with(code, coalesce(parent_code, ''))",
            name=op.f("ck_division_parent_is_prefix"),
        ),
        sa.CheckConstraint("code ~ '^\\d+$'", name=op.f("ck_division_code_is_digits")),
        sa.CheckConstraint(
            "length(code) = CASE level WHEN 'city' THEN 4 WHEN 'county' THEN 6 WHEN 'town' THEN 9 ELSE 12 END",
            name=op.f("ck_division_code_fits_level"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["division.code"], name=op.f("fk_division_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_division")),
    )
    op.create_index(op.f("ix_division_parent_code"), "division", ["parent_code"], unique=False)
    op.create_table(
        "parameter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("key_no", sa.Integer(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "sourced",
                "reference",
                "unsourced",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("pack", sa.String(length=60), nullable=False),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(key_no::bigint * 100000 + (starts_on - DATE '1900-01-01'), key_no::bigint * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            using="gist",
            name="ex_parameter_one_value_a_day",
        ),
        sa.CheckConstraint(
            "standing = 'unsourced' OR (document <> '' AND clause <> '')",
            name=op.f("ck_parameter_basis_is_named"),
        ),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name=op.f("ck_parameter_days_fit_the_fold"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_parameter_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter")),
    )
    op.create_index(op.f("ix_parameter_key"), "parameter", ["key"], unique=False)
    op.create_table(
        "provider",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("uscc", name=op.f("uq_provider_uscc")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "care_home",
                "township_home",
                "day_centre",
                "street_centre",
                "station",
                "canteen",
                "meal_point",
                "home_care_provider",
                name="facilitykind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column(
            "ownership",
            sa.Enum(
                "public",
                "public_built_private_run",
                "public_private_run",
                "private_public_aided",
                "private",
                name="ownership",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("ownership_as_given", sa.String(length=40), nullable=True),
        sa.Column("is_inclusive", sa.Boolean(), nullable=True),
        sa.Column("beds_declared", sa.Integer(), nullable=True),
        sa.Column("monthly_price_from_fen", sa.Integer(), nullable=True),
        sa.Column("features", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column(
            "opening_state",
            sa.Enum(
                "planned",
                "open",
                "suspended",
                "closed",
                name="openingstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("source_name", sa.String(length=120), nullable=True),
        sa.Column("source_key", sa.String(length=120), nullable=True),
        sa.CheckConstraint("(x IS NULL) = (y IS NULL)", name=op.f("ck_site_position_is_whole")),
        sa.CheckConstraint("beds_declared >= 0", name=op.f("ck_site_beds_not_negative")),
        sa.CheckConstraint("monthly_price_from_fen >= 0", name=op.f("ck_site_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_site_division_code")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_site_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("source_key", name=op.f("uq_site_source_key")),
    )
    op.create_index(op.f("ix_site_division_code"), "site", ["division_code"], unique=False)
    op.create_index(op.f("ix_site_provider_id"), "site", ["provider_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
