"""What people are reminded of, the timetable as it is kept, and jobs that somebody wants run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from server.migrations import sql

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = (
    "window_opens", "window_closes", "papers", "instalment", "certificate", "contract",
    "education", "attendance", "site_digest", "county_list",
)  # fmt: skip


def upgrade() -> None:
    _reminder()
    _line()
    _wish()
    op.add_column(
        "job_run", sa.Column("caught_up", sa.Boolean(), server_default="false", nullable=False)
    )
    op.alter_column("job_run", "caught_up", server_default=None)
    sql.execute("0052_clockwork")


def _reminder() -> None:
    table = "reminder"
    kind = sa.Enum(
        *KINDS, name="reminderkind", native_enum=False, create_constraint=True, length=30
    )
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("caregiver_id", sa.BigInteger(), nullable=True),
        sa.Column("site_id", sa.BigInteger(), nullable=True),
        sa.Column("county_code", sa.Text(), nullable=True),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(caregiver_id, site_id, county_code) > 0",
            name=op.f(f"ck_{table}_is_for_one"),
        ),
        sa.CheckConstraint("done_on >= due_on", name=op.f(f"ck_{table}_done_after")),
        sa.ForeignKeyConstraint(
            ["caregiver_id"], ["caregiver.id"], name=op.f(f"fk_{table}_caregiver_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f(f"fk_{table}_site_id")),
        sa.ForeignKeyConstraint(
            ["county_code"], ["division.code"], name=op.f(f"fk_{table}_county_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("subject", "kind", "due_on", "recipient", name="uq_reminder_once"),
        sa.UniqueConstraint("subject", "kind", "rung", "recipient", name="uq_reminder_one_a_rung"),
    )
    op.create_index("ix_reminder_due_on", table, ["due_on", "id"])
    op.create_index("ix_reminder_caregiver_id", table, ["caregiver_id", "due_on"])
    op.create_index("ix_reminder_site_id", table, ["site_id", "due_on"])


def _line() -> None:
    table = "job_line"
    op.create_table(
        table,
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.String(length=120), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("is_recorded", sa.Boolean(), nullable=False),
        sa.Column("late_after_s", sa.Integer(), nullable=False),
        sa.Column("made_up_s", sa.Integer(), nullable=False),
        sa.Column("slot_at", MOMENT, nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.CheckConstraint("late_after_s > 0", name=op.f(f"ck_{table}_late_some_time")),
        sa.PrimaryKeyConstraint("job", name=op.f(f"pk_{table}")),
    )


def _wish() -> None:
    table = "job_wish"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.CheckConstraint("taken_at >= asked_at", name=op.f(f"ck_{table}_taken_after")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f(f"fk_{table}_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        "uq_job_wish_open", table, ["job"], unique=True,
        postgresql_where=sa.text("taken_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
