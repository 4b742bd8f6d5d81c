"""Residents who may be one person and become one; findings looked into; people exported."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _merged_into()
    _pairs()
    _merges()
    _findings()
    op.add_column(
        "opening",
        sa.Column("is_export", sa.Boolean(), server_default="false", nullable=False),
    )
    sql.execute("0016_merging")


def _merged_into() -> None:
    op.add_column("resident", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_resident_merged_into_id"), "resident", "resident", ["merged_into_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_resident_merged_into_another"), "resident", "merged_into_id <> id"
    )
    op.create_index(
        "ix_resident_merged_into_id",
        "resident",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )


def _pairs() -> None:
    op.create_table(
        "possible_duplicate",
        _id(),
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("why", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _one_of("pairstate", "open", "different", "merged"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "one_id < other_id", name=op.f("ck_possible_duplicate_smaller_number_first")
        ),
        sa.CheckConstraint(
            "why <@ ARRAY['phone', 'village'] AND why <> '{}'",
            name=op.f("ck_possible_duplicate_why_is_known"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_by IS NULL OR decided_at IS NOT NULL) AND (state <> 'different' OR reason IS NOT NULL)",
            name=op.f("ck_possible_duplicate_decision_is_whole"),
        ),
        _refers("possible_duplicate", "one_id", "resident"),
        _refers("possible_duplicate", "other_id", "resident"),
        _refers("possible_duplicate", "decided_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_duplicate")),
        sa.UniqueConstraint("one_id", "other_id", name="uq_possible_duplicate_pair"),
    )
    op.create_index(
        op.f("ix_possible_duplicate_other_id"), "possible_duplicate", ["other_id"], unique=False
    )
    op.create_index(
        "ix_possible_duplicate_state", "possible_duplicate", ["state", "found_at", "id"]
    )


def _merges() -> None:
    op.create_table(
        "resident_merge",
        _id(),
        sa.Column("pair_id", sa.BigInteger(), nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("taken", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "state",
            _one_of("mergestate", "proposed", "declined", "done", "undone"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("journal", postgresql.JSONB(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undo_reason", sa.String(length=400), nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_resident_merge_two_residents")),
        sa.CheckConstraint(
            "proposed_by <> decided_by",
            name=op.f("ck_resident_merge_not_decided_by_its_proposer"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL) AND (decided_by IS NULL OR decided_at IS NOT NULL)",
            name=op.f("ck_resident_merge_decision_is_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL) AND (state = 'undone') = (undo_reason IS NOT NULL) AND (undone_by IS NULL OR undone_at IS NOT NULL)",
            name=op.f("ck_resident_merge_undoing_is_whole"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'undone')) = coalesce(jsonb_typeof(journal) = 'object', false)",
            name=op.f("ck_resident_merge_done_has_its_journal"),
        ),
        _refers("resident_merge", "pair_id", "possible_duplicate"),
        _refers("resident_merge", "kept_id", "resident"),
        _refers("resident_merge", "merged_id", "resident"),
        _refers("resident_merge", "proposed_by", "staff"),
        _refers("resident_merge", "decided_by", "staff"),
        _refers("resident_merge", "undone_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_merge")),
    )
    for column in ("pair_id", "kept_id", "merged_id"):
        op.create_index(op.f(f"ix_resident_merge_{column}"), "resident_merge", [column])
    op.create_index("ix_resident_merge_state", "resident_merge", ["state", "proposed_at", "id"])
    op.create_index(
        "uq_resident_merge_one_standing",
        "resident_merge",
        ["pair_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'done')"),
    )


def _findings() -> None:
    op.drop_constraint(op.f("ck_finding_findingstate"), "finding", type_="check")
    op.create_check_constraint(
        op.f("ck_finding_findingstate"),
        "finding",
        "state IN ('open', 'true', 'false_alarm', 'closed', 'withdrawn')",
    )
    for column in (
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("finding", column)
    op.create_foreign_key(op.f("fk_finding_owner_id"), "finding", "staff", ["owner_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_finding_taken_is_whole"),
        "finding",
        "(owner_id IS NULL) = (taken_at IS NULL) AND (owner_id IS NULL) = (due_on IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_finding_settled_is_whole"),
        "finding",
        "(state IN ('true', 'false_alarm', 'closed')) = (settled_at IS NOT NULL) AND (settled_at IS NULL OR note IS NOT NULL AND owner_id IS NOT NULL)",
    )
    op.create_index("ix_finding_state", "finding", ["state", "found_at", "id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
