"""What is held out or in question is not paid, and more is looked for once money has moved."""

from server.migrations import sql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0061_withheld_lines")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
