"""The claim of an elder who was entered twice is that of the number that was kept."""

from server.migrations import sql

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0066_claims_of_the_number_kept")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
