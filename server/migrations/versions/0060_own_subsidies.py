"""Subsidies are found by whom they are about."""

from server.migrations import sql

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0060_own_subsidies")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
