"""Which announcements an account has read."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "meal_notice_read"
TARGETS = {"account_id": "account", "notice_id": "meal_notice", "closure_id": "canteen_closure"}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=True),
        sa.Column("closure_id", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}"))
            for column, target in TARGETS.items()
        ),
        sa.CheckConstraint(
            "num_nonnulls(notice_id, closure_id) = 1", name=op.f(f"ck_{TABLE}_of_one")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "account_id", "notice_id", name=op.f(f"uq_{TABLE}_account_id_notice_id")
        ),
        sa.UniqueConstraint(
            "account_id", "closure_id", name=op.f(f"uq_{TABLE}_account_id_closure_id")
        ),
    )
    sql.execute("0046_notices_read")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
