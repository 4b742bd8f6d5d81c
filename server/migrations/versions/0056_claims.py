"""Claims, approvals of runs, and notices of what they pay."""

import re

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

PURPOSE = "subsidy_paper"
KNOWN = (
    "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conname = 'ck_file_filepurpose' AND conrelid = CAST('file' AS regclass)"
)


def upgrade() -> None:
    """Let files be for one thing more, whatever they are for by now."""
    known = re.findall(r"'(\w+)'", op.get_bind().execute(sa.text(KNOWN)).scalar_one())
    listed = ", ".join(f"'{word}'" for word in (*known, PURPOSE))
    op.drop_constraint(op.f("ck_file_filepurpose"), "file")
    op.create_check_constraint(op.f("ck_file_filepurpose"), "file", f"purpose IN ({listed})")
    sql.execute("0056_claims")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
