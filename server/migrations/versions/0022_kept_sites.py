"""Who keeps a facility is found once for a statement, not for each row of its stays."""

from server.migrations import sql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0022_kept_sites")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
