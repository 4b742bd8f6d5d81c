"""What a bank's answer says did not arrive is paid again once another person has confirmed it."""

from server.migrations import sql

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0065_confirmed_returns")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
