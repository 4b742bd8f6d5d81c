"""What visits are held against: kinds of findings, devices and when they were heard, frozen months."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _findings()
    _devices()
    _days()
    _months()
    _months_of_beds()
    _months_of_workers()
    sql.execute("0031_trust_in_visits")


def _findings() -> None:
    name = op.f("ck_finding_findingkind")
    op.drop_constraint(name, "finding")
    kinds = (
        "meal_after_departure",
        "hardship_after_departure",
        "night_after_departure",
        "return_differs",
        "too_few_caregivers",
        "death_in_a_stay",
        "home_visits_overlap",
        "home_travel_too_fast",
        "home_visit_outside_fence",
        "home_visit_without_position",
        "home_photo_again",
        "home_visit_too_short",
        "home_day_too_long",
        "home_hours_shifted",
        "home_visit_after_departure",
        "home_visit_in_hospital",
        "home_visit_in_a_home",
        "home_bed_silent",
        "home_bed_unserved",
        "home_visit_back_filled",
        "home_visit_sent_late",
    )
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "finding", f"kind IN ({listed})")


def _devices() -> None:
    op.create_table(
        "care_device",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            _one_of(
                "devicekind",
                "network_hub",
                "video",
                "emergency_call",
                "vital_sign",
                "smoke_gas",
                "anti_slip",
                "toilet_rail",
                "bath_chair",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_number", sa.String(length=40), nullable=False),
        sa.Column("invoice_line", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=False),
        sa.Column("photo_file_id", sa.BigInteger(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_care_device_price_is_not_negative")),
        sa.CheckConstraint(
            "invoice_line BETWEEN 1 AND 999", name=op.f("ck_care_device_line_is_believable")
        ),
        sa.CheckConstraint(
            "removed_on >= installed_on", name=op.f("ck_care_device_removed_after_installing")
        ),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_care_device_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_file_id"], ["file.id"], name=op.f("fk_care_device_photo_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_device")),
        sa.UniqueConstraint("serial", name=op.f("uq_care_device_serial")),
        sa.UniqueConstraint(
            "invoice_number",
            "invoice_line",
            name=op.f("uq_care_device_invoice_number_invoice_line"),
        ),
    )
    op.create_index("ix_care_device_home_bed_id", "care_device", ["home_bed_id"], unique=False)


def _days() -> None:
    op.create_table(
        "device_day",
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("beats > 0", name=op.f("ck_device_day_was_heard")),
        sa.ForeignKeyConstraint(
            ["device_id"], ["care_device.id"], name=op.f("fk_device_day_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "day", name=op.f("pk_device_day")),
    )


def _months() -> None:
    op.create_table(
        "home_month",
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *_counts("beds", "met", "visits", "minutes", "confirmed", "doubted", "rated", "satisfied"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("EXTRACT(day FROM month) = 1", name=op.f("ck_home_month_is_a_month")),
        sa.CheckConstraint(
            "met <= beds AND satisfied <= rated", name=op.f("ck_home_month_parts_fit")
        ),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_home_month_digest_is_sha256")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_home_month_site_id")),
        sa.PrimaryKeyConstraint("site_id", "month", name=op.f("pk_home_month")),
    )


def _months_of_beds() -> None:
    op.create_table(
        "home_month_bed",
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        *_counts("visits", "minutes", "life_minutes", "nursing_visits", "confirmed"),
        *_counts("unproved", "doubted", "rated", "satisfied"),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        _of_a_month("home_month_bed"),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_home_month_bed_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_home_month_bed_resident_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "month", "home_bed_id", name=op.f("pk_home_month_bed")),
    )
    op.create_index(
        "ix_home_month_bed_resident_id", "home_month_bed", ["resident_id", "month"], unique=False
    )


def _months_of_workers() -> None:
    op.create_table(
        "home_month_worker",
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *_counts("visits", "minutes", "beds", "doubted", "rated", "satisfied"),
        _of_a_month("home_month_worker"),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["staff.id"], name=op.f("fk_home_month_worker_worker_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "month", "worker_id", name=op.f("pk_home_month_worker")),
    )


def _of_a_month(table: str) -> sa.ForeignKeyConstraint:
    there = ["home_month.site_id", "home_month.month"]
    return sa.ForeignKeyConstraint(["site_id", "month"], there, name=f"fk_{table}_month")


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
