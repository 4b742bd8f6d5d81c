"""Months that were reckoned are opened again by whoever puts an amended policy into force."""

from server.migrations import sql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0059_reopened_months")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
