"""The facts that subsidies are reckoned from, and what waits to be corrected."""

from server.migrations import sql

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0055_facts_of_subsidies")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
