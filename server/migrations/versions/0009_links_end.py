"""A site sees whom it cares for only while it does."""

from server.migrations import sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0009_links_end")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
