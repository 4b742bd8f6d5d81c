"""One transaction may serve many people, each by an act of their own."""

from server.migrations import sql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0043_acts_of_many")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
