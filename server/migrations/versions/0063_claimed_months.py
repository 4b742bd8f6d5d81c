"""What somebody must ask for is reckoned for months whose claim was accepted."""

from server.migrations import sql

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0063_claimed_months")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
