"""Policies as data, and runs over them."""

from server.migrations import sql

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0053_subsidies")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
