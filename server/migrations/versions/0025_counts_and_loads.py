"""Lines that hold many rows, returns beneath row security, and since when a bed is known."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _since_when_beds_are_known()
    op.create_index(
        "ix_bed_occupancy_ends_on",
        "bed_occupancy",
        ["ends_on"],
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    sql.execute("0025_lines_of_many", "0025_bed_returns")


def _since_when_beds_are_known() -> None:
    """A bed that was put up before is known since its line in the trail, or since it was opened."""
    op.add_column("bed", sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE bed DISABLE TRIGGER USER")  # What was known anyway is nobody's act.
    op.execute(
        "UPDATE bed SET recorded_at = coalesce("
        " (SELECT min(a.at) FROM trail_entry e JOIN act a ON a.id = e.act_id"
        "   WHERE e.table_name = 'bed' AND e.row_key = bed.id::text),"
        " bed.opened_on::timestamp AT TIME ZONE 'Asia/Shanghai')"
    )
    op.execute("ALTER TABLE bed ENABLE TRIGGER USER")
    op.alter_column("bed", "recorded_at", nullable=False)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
