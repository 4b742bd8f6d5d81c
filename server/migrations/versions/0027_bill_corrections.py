"""Corrections of bills: what a billed month came to differently."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

REASONS = ("fewer_nights", "more_nights", "away_nights", "terms")


def upgrade() -> None:
    reason = sa.Enum(
        *REASONS, name="correctionreason", native_enum=False, create_constraint=True, length=30
    )
    op.create_table(
        "bill_correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("reason", reason, nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_bill_correction_number_from_one")),
        sa.CheckConstraint("total_fen <> 0", name=op.f("ck_bill_correction_total_is_one")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_bill_correction_stay_id")),
        sa.ForeignKeyConstraint(
            ["stay_id", "month"],
            ["stay_bill.stay_id", "stay_bill.month"],
            name="fk_bill_correction_bill",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["ledger_posting.id"], name=op.f("fk_bill_correction_posting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_correction")),
        sa.UniqueConstraint(
            "stay_id", "month", "number", name=op.f("uq_bill_correction_stay_id_month_number")
        ),
    )
    sql.execute("0027_bill_corrections")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
