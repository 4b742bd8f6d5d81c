"""Departures of residents, findings, and consequences that reach further than the reporter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(
        op.f("ck_resident_moved_after_birth"), "resident", "moved_away_on >= born_on"
    )
    _departures()
    _findings()
    sql.execute("0014_departures")


def _departures() -> None:
    op.create_table(
        "departure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _one_of("departurekind", "died", "moved_away"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_reference", sa.String(length=80), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.BigInteger(), nullable=True),
        sa.Column("effects", postgresql.JSONB(), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.BigInteger(), nullable=True),
        sa.Column("reversal_reason", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "happened_on <= (reported_at AT TIME ZONE 'Asia/Shanghai')::date",
            name=op.f("ck_departure_has_happened"),
        ),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversal_reason IS NULL)"
            " AND (reversed_by IS NULL OR reversed_at IS NOT NULL)",
            name=op.f("ck_departure_reversal_is_whole"),
        ),
        sa.CheckConstraint(
            "reversed_at >= reported_at", name=op.f("ck_departure_reversed_after_report")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_departure_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["staff.id"], name=op.f("fk_departure_reported_by")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by"], ["staff.id"], name=op.f("fk_departure_reversed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint(
            "source", "source_reference", name=op.f("uq_departure_source_source_reference")
        ),
    )
    op.create_index(op.f("ix_departure_resident_id"), "departure", ["resident_id"], unique=False)
    op.create_index(
        "uq_departure_one_standing",
        "departure",
        ["resident_id", "kind"],
        unique=True,
        postgresql_where=sa.text("reversed_at IS NULL"),
    )


def _findings() -> None:
    kinds = ("meal_after_departure", "hardship_after_departure")
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", _one_of("findingkind", *kinds), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _one_of("findingstate", "open", "withdrawn"), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_finding_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_finding_kind_subject")),
    )
    op.create_index(op.f("ix_finding_resident_id"), "finding", ["resident_id"], unique=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
