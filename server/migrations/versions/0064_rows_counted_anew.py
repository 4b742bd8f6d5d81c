"""The planner is told of many rows as soon as they are written."""

from server.migrations import sql

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0064_rows_counted_anew")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
