"""An act looks for its lines by the index, however short the trail was when it was first asked."""

from server.migrations import sql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0023_bare_acts")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
