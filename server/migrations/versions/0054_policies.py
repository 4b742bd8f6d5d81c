"""A version by which months were reckoned does not end before them."""

from server.migrations import sql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0054_policies")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
