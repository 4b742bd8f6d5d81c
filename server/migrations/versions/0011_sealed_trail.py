"""The chain over the trail, its anchors, and who may read the trail."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trail_seal",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "octet_length(digest) = 32", name=op.f("ck_trail_seal_digest_is_sha256")
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_trail_seal_position_positive")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["trail_entry.id"], name=op.f("fk_trail_seal_entry_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_trail_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_trail_seal_entry_id")),
    )
    op.create_table(
        "trail_anchor",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(digest) = 32", name=op.f("ck_trail_anchor_digest_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["position"], ["trail_seal.position"], name=op.f("fk_trail_anchor_position")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_trail_anchor")),
    )
    op.create_index(
        "ix_trail_entry_transaction_number",
        "trail_entry",
        ["transaction_number", "id"],
        unique=False,
    )
    op.create_index("ix_trail_entry_act_id", "trail_entry", ["act_id"], unique=False)
    op.create_index(
        "ix_act_staff_id",
        "act",
        ["staff_id"],
        unique=False,
        postgresql_where=sa.text("staff_id IS NOT NULL"),
    )
    op.create_index("ix_act_at", "act", ["at"], unique=False, postgresql_using="brin")
    sql.execute("0011_sealed_trail")


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
