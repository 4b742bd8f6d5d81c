"""An index by which all bookings of a resident are found, cancelled ones too."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_booking_resident_id", "booking", ["resident_id", "service_on"], unique=False
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
