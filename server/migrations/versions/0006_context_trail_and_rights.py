"""Who acts, what they may see, the trail of changes, counted places, and the application's rights."""

from server.migrations import sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute(
        "0006_context",
        "0006_trail",
        "0006_places_taken",
        "0006_row_security",
        "0006_rights",
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
