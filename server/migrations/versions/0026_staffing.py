"""Caregivers on duty by week, two kinds of findings, and one bed each while one is kept."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOST = 500
DAYS_OF_A_PERSON = (
    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'),"
    " resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
)


def upgrade() -> None:
    _staffing()
    _findings()
    _one_bed_while_one_is_kept()
    sql.execute("0026_staffing")


def _staffing() -> None:
    op.create_table(
        "staffing_week",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("morning", sa.Integer(), nullable=False),
        sa.Column("afternoon", sa.Integer(), nullable=False),
        sa.Column("night", sa.Integer(), nullable=False),
        sa.Column("is_unchanged", sa.Boolean(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "EXTRACT(isodow FROM starts_on) = 1", name=op.f("ck_staffing_week_begins_on_a_monday")
        ),
        sa.CheckConstraint(
            f"morning BETWEEN 0 AND {MOST} AND afternoon BETWEEN 0 AND {MOST}"
            f" AND night BETWEEN 0 AND {MOST}",
            name=op.f("ck_staffing_week_counts_are_believable"),
        ),
        sa.ForeignKeyConstraint(["filed_by"], ["staff.id"], name=op.f("fk_staffing_week_filed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_staffing_week_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_week")),
        sa.UniqueConstraint(
            "site_id", "starts_on", name=op.f("uq_staffing_week_site_id_starts_on")
        ),
    )


def _findings() -> None:
    name = op.f("ck_finding_findingkind")
    op.drop_constraint(name, "finding")
    kinds = (
        "meal_after_departure",
        "hardship_after_departure",
        "night_after_departure",
        "return_differs",
        "too_few_caregivers",
        "death_in_a_stay",
    )
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "finding", f"kind IN ({listed})")


def _one_bed_while_one_is_kept() -> None:
    """Whoever has a bed kept while in hospital may lie in a medical bed, and in no other."""
    op.drop_constraint("ex_bed_occupancy_one_bed_kept", "bed_occupancy")
    op.execute(
        "ALTER TABLE bed_occupancy ADD CONSTRAINT ex_bed_occupancy_one_bed_kept"
        f" EXCLUDE USING gist ({DAYS_OF_A_PERSON} WITH &&)"
        " WHERE (superseded_at IS NULL AND (state = 'in_hospital'"
        " OR state IN ('occupied', 'on_leave') AND kind <> 'medical'))"
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
