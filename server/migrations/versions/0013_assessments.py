"""Ability assessments: who is assessed by whom, what it came to, and for which days it holds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _chosen(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    levels = ("intact", "mild", "moderate", "severe", "total")
    op.create_table(
        "assessment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("scale_version", sa.String(length=40), nullable=False),
        sa.Column(
            "reason",
            _chosen("assessmentreason", "first", "routine", "immediate", "disputed", "other"),
            nullable=False,
        ),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            _chosen("assessmentstatus", "draft", "submitted", "returned", "confirmed", "withdrawn"),
            nullable=False,
        ),
        sa.Column("self_care", sa.Integer(), nullable=True),
        sa.Column("movement", sa.Integer(), nullable=True),
        sa.Column("mind", sa.Integer(), nullable=True),
        sa.Column("senses", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("initial_level", _chosen("initiallevel", *levels), nullable=True),
        sa.Column("final_level", _chosen("finallevel", *levels), nullable=True),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("note_digest", sa.LargeBinary(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_assessment_ends_after_start")),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name=op.f("ck_assessment_days_fit_the_fold"),
        ),
        sa.CheckConstraint(
            "(status = 'confirmed') = (num_nonnulls(starts_on, ends_on) = 2) AND num_nonnulls(starts_on, ends_on) IN (0, 2)",
            name=op.f("ck_assessment_confirmed_has_its_days"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR num_nulls(self_care, movement, mind, senses, total, initial_level, final_level, submitted_at) = 0",
            name=op.f("ck_assessment_submitted_is_whole"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'returned') OR num_nulls(reviewed_by, reviewed_at) = 0",
            name=op.f("ck_assessment_reviewed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(note_cipher IS NULL) = (note_digest IS NULL)",
            name=op.f("ck_assessment_note_is_whole"),
        ),
        sa.CheckConstraint(
            "reviewed_by <> assessor_id", name=op.f("ck_assessment_reviewed_by_another")
        ),
        sa.CheckConstraint(
            "self_care BETWEEN 0 AND 32 AND movement BETWEEN 0 AND 15 AND mind BETWEEN 0 AND 28 AND senses BETWEEN 0 AND 15",
            name=op.f("ck_assessment_sums_fit_the_scale"),
        ),
        sa.CheckConstraint(
            "total = self_care + movement + mind + senses",
            name=op.f("ck_assessment_total_is_the_sum"),
        ),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'), resident_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            where=sa.text("status = 'confirmed'"),
            using="gist",
            name="ex_assessment_one_level_a_day",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_assessment_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["staff.id"], name=op.f("fk_assessment_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["staff.id"], name=op.f("fk_assessment_reviewed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(
        "uq_assessment_one_open",
        "assessment",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'returned')"),
    )
    op.create_index(
        "ix_assessment_resident_id", "assessment", ["resident_id", "assessed_on"], unique=False
    )
    op.create_index(op.f("ix_assessment_assessor_id"), "assessment", ["assessor_id"], unique=False)
    op.create_index(
        "ix_assessment_waiting",
        "assessment",
        ["submitted_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.create_table(
        "assessment_sheet",
        sa.Column("assessment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sheet_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("sheet_digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_sheet_assessment_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessment_sheet")),
    )
    sql.execute("0013_assessments")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
