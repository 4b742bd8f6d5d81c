"""Cross-checks of subsidies, what they found, and lines drawn by lot."""

from server.migrations import sql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0058_subsidy_audit")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
