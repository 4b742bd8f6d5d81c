"""Runs move by their own steps alone, and what is taken back is held against all that was given."""

from server.migrations import sql

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0062_nothing_past_its_guard")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
