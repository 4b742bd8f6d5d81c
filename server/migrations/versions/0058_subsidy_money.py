"""Budgets, payments, what the bank says of them, and what is owed back."""

from server.migrations import sql

revision = "0058"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0058_subsidy_money")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
