"""What is written down on the way of a bed at home, and why it pauses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


STATES = (
    "applied", "precheck", "assessment", "notice", "signing", "building", "acceptance", "serving",
    "paused", "ended",
)  # fmt: skip


def upgrade() -> None:
    _home_beds()
    _moves()
    _notices()
    _objections()
    _agreements()
    _buildings()
    _acceptances()
    sql.execute("0029_home_bed_life")


def _home_beds() -> None:
    op.add_column("home_bed", sa.Column("bed_id", sa.BigInteger(), nullable=True))
    op.add_column("home_bed", sa.Column("pause_reason", sa.String(length=30), nullable=True))
    op.create_check_constraint(
        op.f("ck_home_bed_homebedpause"),
        "home_bed",
        "pause_reason IN ('in_a_home', 'in_hospital', 'away', 'other')",
    )
    op.execute("UPDATE home_bed SET pause_reason = 'other' WHERE state = 'paused'")
    op.create_check_constraint(
        op.f("ck_home_bed_paused_for_a_reason"),
        "home_bed",
        "(state = 'paused') = (pause_reason IS NOT NULL)",
    )
    op.create_foreign_key(op.f("fk_home_bed_bed_id"), "home_bed", "bed", ["bed_id"], ["id"])


def _moves() -> None:
    op.create_table(
        "home_bed_move",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "apply",
                "take_up",
                "pass_precheck",
                "open_notice",
                "close_notice",
                "sign",
                "build",
                "redo",
                "begin",
                "pause",
                "resume",
                "end",
                "refuse",
                "withdraw",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                *STATES,
                name="from_homebedstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                *STATES,
                name="to_homebedstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_home_bed_move_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_bed_move_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_move_resident_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_home_bed_move_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed_move")),
    )
    op.create_index("ix_home_bed_move_home_bed_id", "home_bed_move", ["home_bed_id"], unique=False)
    op.create_index(
        op.f("ix_home_bed_move_resident_id"), "home_bed_move", ["resident_id"], unique=False
    )


def _notices() -> None:
    op.create_table(
        "home_bed_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_home_bed_notice_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_bed_notice_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_notice_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed_notice")),
        sa.UniqueConstraint("home_bed_id", name=op.f("uq_home_bed_notice_home_bed_id")),
    )
    op.create_index("ix_home_bed_notice_ends_on", "home_bed_notice", ["ends_on"], unique=False)
    op.create_index(
        op.f("ix_home_bed_notice_resident_id"), "home_bed_notice", ["resident_id"], unique=False
    )


def _objections() -> None:
    op.create_table(
        "home_bed_objection",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.String(length=400), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (finding = '')",
            name=op.f("ck_home_bed_objection_settled_with_a_finding"),
        ),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_bed_objection_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_objection_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed_objection")),
    )
    op.create_index(
        "ix_home_bed_objection_home_bed_id", "home_bed_objection", ["home_bed_id"], unique=False
    )
    op.create_index(
        op.f("ix_home_bed_objection_resident_id"),
        "home_bed_objection",
        ["resident_id"],
        unique=False,
    )


def _agreements() -> None:
    op.create_table(
        "home_bed_agreement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("monthly_fee_fen", sa.Integer(), nullable=False),
        sa.Column("own_pay_fen", sa.Integer(), nullable=False),
        sa.Column("signed_by", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(home_bed_id * 100000 + (starts_on - DATE '1900-01-01'), home_bed_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            using="gist",
            name="ex_home_bed_agreement_one_a_day",
        ),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name=op.f("ck_home_bed_agreement_days_fit_the_fold"),
        ),
        sa.CheckConstraint(
            "0 <= own_pay_fen AND own_pay_fen <= monthly_fee_fen",
            name=op.f("ck_home_bed_agreement_own_pay_within_fee"),
        ),
        sa.CheckConstraint(
            "ends_on > starts_on", name=op.f("ck_home_bed_agreement_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_bed_agreement_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_agreement_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_home_bed_agreement_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed_agreement")),
    )
    op.create_index(
        op.f("ix_home_bed_agreement_resident_id"),
        "home_bed_agreement",
        ["resident_id"],
        unique=False,
    )


def _buildings() -> None:
    op.create_table(
        "home_bed_build",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.Column("invoice_ref", sa.String(length=60), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=False),
        sa.Column("inventory", sa.String(length=400), nullable=False),
        sa.Column("is_after_renovation", sa.Boolean(), nullable=False),
        sa.Column("asks_grant", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_home_bed_build_cost_not_negative")),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_bed_build_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_build_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed_build")),
        sa.UniqueConstraint("home_bed_id", name=op.f("uq_home_bed_build_home_bed_id")),
        sa.UniqueConstraint("invoice_ref", name=op.f("uq_home_bed_build_invoice_ref")),
    )
    op.create_index(
        op.f("ix_home_bed_build_resident_id"), "home_bed_build", ["resident_id"], unique=False
    )
    op.create_index(
        "uq_home_bed_build_one_grant",
        "home_bed_build",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("asks_grant"),
    )


def _acceptances() -> None:
    op.create_table(
        "home_bed_acceptance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_home_bed_acceptance_one_of_two")),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_bed_acceptance_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_acceptance_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_home_bed_acceptance_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed_acceptance")),
    )
    op.create_index(
        op.f("ix_home_bed_acceptance_resident_id"),
        "home_bed_acceptance",
        ["resident_id"],
        unique=False,
    )
    op.create_index(
        "uq_home_bed_acceptance_different",
        "home_bed_acceptance",
        ["home_bed_id", "staff_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "uq_home_bed_acceptance_two",
        "home_bed_acceptance",
        ["home_bed_id", "place"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
