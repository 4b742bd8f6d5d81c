"""Budgets, payments, what the bank says of them, and what is owed back."""

from server.migrations import sql

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0057_subsidy_money")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
