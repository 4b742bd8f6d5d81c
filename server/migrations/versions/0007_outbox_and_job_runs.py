"""When a message is tried again, asking for one, and the record of timed work."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_message_waiting", table_name="message")
    op.add_column("message", sa.Column("try_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE message SET try_at = coalesce(leased_until, due_at)")
    op.alter_column("message", "try_at", nullable=False)
    op.drop_column("message", "leased_until")
    op.create_index(
        "ix_message_waiting",
        "message",
        ["try_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'leased')"),
    )
    op.create_index(
        "ix_message_remembered",
        "message",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text(
            "status IN ('sent', 'failed', 'expired') AND facts_cipher <> '\\x'::bytea"
        ),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("runner", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("items", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_job_run_ends_after_start")),
        sa.CheckConstraint("items >= 0", name=op.f("ck_job_run_items_not_negative")),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_run")),
    )
    op.create_index("ix_job_run_slot", "job_run", ["slot"], unique=False)
    sql.execute("0007_outbox")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
