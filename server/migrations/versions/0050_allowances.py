"""What caregivers are entitled to beside their wages, and what is claimed of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from server.migrations import sql
from server.migrations.columns import checks, chosen, key, refers, text

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PROGRAMMES = ("entry_reward", "post_allowance", "skill_reward", "seniority_reward")


def upgrade() -> None:
    _entitlement()
    _claim()
    _line()
    sql.execute("0050_allowances")


def _entitlement() -> None:
    table = "caregiver_entitlement"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver", site_id="site"),
        chosen("programme", "programme", *PROGRAMMES),
        text("period", 10),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        chosen("state", "standing", "entitled", "not_entitled", "ahead"),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("standard_fen", sa.Integer(), nullable=False),
        text("band", 20),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("rests_on_digest", sa.LargeBinary(), nullable=False),
        sa.Column("reckoned_at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT, nullable=True),
        *checks(
            table,
            is_a_month="EXTRACT(day FROM month) = 1",
            is_not_negative="amount_fen >= 0 AND standard_fen >= 0",
            nothing_without_right="(state = 'entitled') OR amount_fen = 0",
            superseded_after="superseded_at >= reckoned_at",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        "uq_caregiver_entitlement_one_holds", table, ["caregiver_id", "programme", "period"],
        unique=True, postgresql_where=sa.text("superseded_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_caregiver_entitlement_month", table, ["month", "site_id"])


def _claim() -> None:
    table = "allowance_claim"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver", site_id="site"),
        chosen("programme", "programme", *PROGRAMMES),
        text("period", 20),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("missing", JSONB(), nullable=False),
        chosen("state", "claimstate", "handed_in", "returned", "accepted", "withdrawn"),
        sa.Column("handed_in_at", MOMENT, nullable=False),
        *refers(table, nullable=True, handed_in_by="staff", handed_in_account="account"),
        sa.Column("decided_at", MOMENT, nullable=True),
        *refers(table, nullable=True, decided_by="staff"),
        text("words", 200),
        *checks(
            table,
            not_decided_by_its_maker="handed_in_by <> decided_by",
            handed_in_by_one="num_nonnulls(handed_in_by, handed_in_account) <= 1",
            decided_at_a_time="state NOT IN ('accepted', 'returned') OR decided_at IS NOT NULL",
            returned_with_words="state <> 'returned' OR words <> ''",
            is_worth_something="amount_fen > 0",
            window_is_whole="closes_on >= opens_on",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_allowance_claim_caregiver_id", table, ["caregiver_id"])
    op.create_index("ix_allowance_claim_site_id", table, ["site_id"])
    op.create_index("ix_allowance_claim_state", table, ["state", "handed_in_at"])


def _line() -> None:
    table = "allowance_claim_line"
    op.create_table(
        table,
        key(),
        *refers(
            table,
            claim_id="allowance_claim",
            entitlement_id="caregiver_entitlement",
            caregiver_id="caregiver",
        ),
        chosen("programme", "programme", *PROGRAMMES),
        text("period", 10),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        *checks(table, is_worth_something="amount_fen > 0"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_allowance_claim_line_claim_id", table, ["claim_id"])
    op.create_index(
        "uq_allowance_claim_line_claimed_once", table, ["caregiver_id", "programme", "period"],
        unique=True, postgresql_where=sa.text("is_live"),
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
