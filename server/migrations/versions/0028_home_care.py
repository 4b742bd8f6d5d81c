"""Beds at home, visits there, and what proves them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


BEGAN = "(floor(extract(epoch FROM starts_at - TIMESTAMPTZ '2000-01-01 00:00+00') / 60))::bigint"


def upgrade() -> None:
    _home_beds()
    _visits()
    _proofs()
    sql.execute("0028_home_care")


def _home_beds() -> None:
    op.create_table(
        "home_bed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            _one_of(
                "homebedstate",
                "applied",
                "precheck",
                "assessment",
                "notice",
                "signing",
                "building",
                "acceptance",
                "serving",
                "paused",
                "ended",
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "requested_by", _one_of("requestedby", "staff", "helper", "self"), nullable=False
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wishes", sa.String(length=400), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            _one_of(
                "homebedend",
                "died",
                "moved_away",
                "into_a_home",
                "no_service",
                "contract_ended",
                "recovered",
                "withdrawn",
                "refused",
                "other",
            ),
            nullable=True,
        ),
        sa.Column("end_note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (end_reason IS NOT NULL)",
            name=op.f("ck_home_bed_ended_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_home_bed_ended_on_a_day")
        ),
        sa.CheckConstraint(
            "NOT (state IN ('serving', 'paused')) OR site_id IS NOT NULL",
            name=op.f("ck_home_bed_served_by_somebody"),
        ),
        sa.CheckConstraint("(x IS NULL) = (y IS NULL)", name=op.f("ck_home_bed_position_is_whole")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_bed_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_home_bed_site_id")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_home_bed_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_bed")),
    )
    op.create_index(
        "ix_home_bed_due_on",
        "home_bed",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_index("ix_home_bed_resident_id", "home_bed", ["resident_id"], unique=False)
    op.create_index("ix_home_bed_site_id", "home_bed", ["site_id", "state"], unique=False)
    op.create_index(
        "uq_home_bed_one_open",
        "home_bed",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'ended'"),
    )


def _visits() -> None:
    op.create_table(
        "care_visit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("services", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "state",
            _one_of("visitstate", "planned", "under_way", "done", "missed", "cancelled"),
            nullable=False,
        ),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        _apart("one_visit_at_once", "resident_id"),
        _apart("one_worker_at_once", "worker_id"),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason <> '')",
            name=op.f("ck_care_visit_cancelled_for_a_reason"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 5 AND 720", name=op.f("ck_care_visit_minutes_are_believable")
        ),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_care_visit_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_visit_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_visit_site_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["staff.id"], name=op.f("fk_care_visit_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_visit")),
    )
    op.create_index(
        "ix_care_visit_home_bed_id", "care_visit", ["home_bed_id", "service_on"], unique=False
    )
    op.create_index(
        "ix_care_visit_resident_id", "care_visit", ["resident_id", "service_on"], unique=False
    )
    op.create_index("ix_care_visit_site_id", "care_visit", ["site_id", "service_on"], unique=False)
    op.create_index(
        "ix_care_visit_worker_id", "care_visit", ["worker_id", "service_on"], unique=False
    )


def _proofs() -> None:
    op.create_table(
        "visit_proof",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("arrival_key", sa.String(length=64), nullable=False),
        sa.Column("leaving_key", sa.String(length=64), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_x", sa.Float(), nullable=True),
        sa.Column("arrived_y", sa.Float(), nullable=True),
        sa.Column("arrived_accuracy_m", sa.Integer(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_x", sa.Float(), nullable=True),
        sa.Column("left_y", sa.Float(), nullable=True),
        sa.Column("left_accuracy_m", sa.Integer(), nullable=True),
        sa.Column("tasks_done", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("photo_file_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "confirmed_by",
            _one_of("confirmedby", "tap", "own_phone", "helper", "code"),
            nullable=True,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(arrived_x IS NULL) = (arrived_y IS NULL) AND (left_x IS NULL) = (left_y IS NULL)",
            name=op.f("ck_visit_proof_positions_are_whole"),
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_visit_proof_confirmed_at_a_time"),
        ),
        sa.CheckConstraint(
            "(left_at IS NULL) = (left_recorded_at IS NULL)",
            name=op.f("ck_visit_proof_leaving_is_recorded"),
        ),
        sa.CheckConstraint("left_at >= arrived_at", name=op.f("ck_visit_proof_left_after_arrival")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["visit_proof.id"], name=op.f("fk_visit_proof_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_file_id"], ["file.id"], name=op.f("fk_visit_proof_photo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_visit_proof_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_visit_proof_site_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["care_visit.id"], name=op.f("fk_visit_proof_visit_id")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["staff.id"], name=op.f("fk_visit_proof_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_proof")),
        sa.UniqueConstraint("arrival_key", name=op.f("uq_visit_proof_arrival_key")),
        sa.UniqueConstraint("leaving_key", name=op.f("uq_visit_proof_leaving_key")),
    )
    op.create_index(
        "ix_visit_proof_worker_id", "visit_proof", ["worker_id", "arrived_at"], unique=False
    )
    op.create_index(
        "uq_visit_proof_one_that_counts",
        "visit_proof",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "uq_visit_proof_one_under_way",
        "visit_proof",
        ["worker_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND left_at IS NULL"),
    )


def _apart(name: str, column: str) -> postgresql.ExcludeConstraint:
    """The minutes of visits that still hold, folded with a number, do not meet."""
    since = f"{column} * 100000000 + {BEGAN}"
    return postgresql.ExcludeConstraint(
        (sa.text(f"int8range({since}, {since} + minutes)"), "&&"),
        where=sa.text("state <> 'cancelled'"),
        using="gist",
        name=f"ex_care_visit_{name}",
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
