"""Rooms and beds, stays, what takes a bed, and a version of each board."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _licences_and_versions()
    _rooms_and_beds()
    _stays()
    _occupancy()
    _findings()
    sql.execute("0019_beds")


def _findings() -> None:
    """One more kind of finding: nights after a departure."""
    name = op.f("ck_finding_findingkind")
    op.drop_constraint(name, "finding")
    kinds = ("meal_after_departure", "hardship_after_departure", "night_after_departure")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "finding", f"kind IN ({listed})")


def _licences_and_versions() -> None:
    op.create_table(
        "bed_licence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("licensed", sa.Integer(), nullable=False),
        sa.Column("nursing", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "0 <= nursing AND nursing <= licensed",
            name=op.f("ck_bed_licence_nursing_among_licensed"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bed_licence_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_licence")),
        sa.UniqueConstraint(
            "site_id", "kind", "starts_on", name=op.f("uq_bed_licence_site_id_kind_starts_on")
        ),
    )
    op.create_table(
        "board_version",
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_board_version_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_board_version")),
    )


def _rooms_and_beds() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.CheckConstraint("floor BETWEEN -5 AND 100", name=op.f("ck_room_floor_is_believable")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("id", "site_id", name="uq_room_of_a_site"),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_room_site_id_name")),
    )
    op.create_table(
        "bed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("room_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("label", sa.String(length=30), nullable=False),
        sa.Column("is_nursing", sa.Boolean(), nullable=False),
        sa.Column("nursing_evidence", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("left_uncleaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(room_id IS NULL) = (kind IN ('home_care', 'home_sickbed'))",
            name=op.f("ck_bed_stands_in_a_room"),
        ),
        sa.ForeignKeyConstraint(
            ["room_id", "site_id"], ["room.id", "room.site_id"], name="fk_bed_room"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bed_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed")),
        sa.UniqueConstraint("id", "site_id", "kind", name="uq_bed_of_a_site"),
        sa.UniqueConstraint("site_id", "label", name=op.f("uq_bed_site_id_label")),
    )
    op.create_index("ix_bed_room_id", "bed", ["room_id"], unique=False)


def _stays() -> None:
    op.create_table(
        "stay",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column(
            "status",
            _one_of("staystatus", "held", "staying", "away", "ended", "cancelled", "lapsed"),
            nullable=False,
        ),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("hold_until", sa.Date(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            _one_of(
                "endreason",
                "went_home",
                "transferred",
                "to_hospital",
                "other_home",
                "contract_ended",
                "died",
                "moved_away",
                "other",
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (end_reason IS NOT NULL)", name=op.f("ck_stay_ended_for_a_reason")
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_stay_ended_on_a_day")
        ),
        sa.CheckConstraint(
            "(status IN ('staying', 'away', 'ended')) = (admitted_on IS NOT NULL)",
            name=op.f("ck_stay_admitted_when_it_began"),
        ),
        sa.CheckConstraint("ended_on >= admitted_on", name=op.f("ck_stay_ended_after_it_began")),
        sa.CheckConstraint("hold_until > planned_on", name=op.f("ck_stay_held_for_a_day")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_stay_resident_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stay_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
        sa.UniqueConstraint("id", "resident_id", "site_id", "kind", name="uq_stay_of_a_resident"),
    )
    op.create_index("ix_stay_resident_id", "stay", ["resident_id"], unique=False)
    op.create_index("ix_stay_site_id", "stay", ["site_id", "status"], unique=False)
    op.create_index(
        "uq_stay_one_at_a_site",
        "stay",
        ["resident_id", "site_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('staying', 'away')"),
    )
    op.create_index(
        "uq_stay_one_hold",
        "stay",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("status = 'held'"),
    )


def _occupancy() -> None:
    op.create_table(
        "bed_occupancy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bed_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column(
            "state",
            _one_of(
                "bedstate",
                "held",
                "occupied",
                "on_leave",
                "in_hospital",
                "under_repair",
                "closed",
                "other_use",
            ),
            nullable=False,
        ),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(bed_id * 100000 + (starts_on - DATE '1900-01-01'), bed_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            where=sa.text("superseded_at IS NULL"),
            using="gist",
            name="ex_bed_occupancy_one_in_a_bed",
        ),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'), resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            where=sa.text("superseded_at IS NULL AND state IN ('occupied', 'on_leave')"),
            using="gist",
            name="ex_bed_occupancy_one_bed_each",
        ),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'), resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            where=sa.text("superseded_at IS NULL AND state = 'in_hospital'"),
            using="gist",
            name="ex_bed_occupancy_one_bed_kept",
        ),
        sa.CheckConstraint(
            "(state IN ('held', 'occupied', 'on_leave', 'in_hospital')) = (stay_id IS NOT NULL)",
            name=op.f("ck_bed_occupancy_people_have_stays"),
        ),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name=op.f("ck_bed_occupancy_days_fit_the_fold"),
        ),
        sa.CheckConstraint(
            "(stay_id IS NULL) = (resident_id IS NULL)",
            name=op.f("ck_bed_occupancy_stay_and_resident_go_together"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_bed_occupancy_ends_after_start")),
        sa.CheckConstraint(
            "superseded_at IS NOT NULL OR (ends_on IS NULL) = (end_recorded_at IS NULL)",
            name=op.f("ck_bed_occupancy_end_was_recorded"),
        ),
        sa.ForeignKeyConstraint(
            ["bed_id", "site_id", "kind"],
            ["bed.id", "bed.site_id", "bed.kind"],
            name="fk_bed_occupancy_bed",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_bed_occupancy_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bed_occupancy_site_id")),
        sa.ForeignKeyConstraint(
            ["stay_id", "resident_id", "site_id", "kind"],
            ["stay.id", "stay.resident_id", "stay.site_id", "stay.kind"],
            name="fk_bed_occupancy_stay",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_occupancy")),
    )
    op.create_index(
        "ix_bed_occupancy_bed_id", "bed_occupancy", ["bed_id", "starts_on"], unique=False
    )
    op.create_index("ix_bed_occupancy_resident_id", "bed_occupancy", ["resident_id"], unique=False)
    op.create_index(
        "ix_bed_occupancy_site_id", "bed_occupancy", ["site_id", "starts_on"], unique=False
    )
    op.create_index("ix_bed_occupancy_stay_id", "bed_occupancy", ["stay_id"], unique=False)


def _kind() -> sa.Enum:
    return _one_of("bedkind", "institution", "medical", "home_care", "home_sickbed", "hospice")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
