"""Plans of care at home, the catalogue of services, corrections, ratings, wishes and closed months."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _care_service()
    _home_month_close()
    _care_plan()
    _care_plan_item()
    _care_wish()
    _visit_rating()
    _visit_correction()
    _columns()
    _visit_photos()
    sql.execute("0030_visits")


def _care_service() -> None:
    op.create_table(
        "care_service",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "category",
            _one_of("servicecategory", "life", "nursing", "rehabilitation", "company"),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "minutes BETWEEN 5 AND 480", name=op.f("ck_care_service_minutes_are_believable")
        ),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_care_service_price_is_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_service")),
        sa.UniqueConstraint("code", "starts_on", name=op.f("uq_care_service_code_starts_on")),
    )


def _home_month_close() -> None:
    op.create_table(
        "home_month_close",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "EXTRACT(day FROM month) = 1", name=op.f("ck_home_month_close_is_a_month")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["staff.id"], name=op.f("fk_home_month_close_closed_by")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_home_month_close_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_month_close")),
        sa.UniqueConstraint("site_id", "month", name=op.f("uq_home_month_close_site_id_month")),
    )


def _care_plan() -> None:
    op.create_table(
        "care_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            _one_of("planstate", "drafted", "agreed", "replaced", "declined"),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.BigInteger(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('agreed', 'replaced')) = (agreed_at IS NOT NULL)",
            name=op.f("ck_care_plan_agreed_at_a_time"),
        ),
        sa.ForeignKeyConstraint(["agreed_by"], ["account.id"], name=op.f("fk_care_plan_agreed_by")),
        sa.ForeignKeyConstraint(["drafted_by"], ["staff.id"], name=op.f("fk_care_plan_drafted_by")),
        sa.ForeignKeyConstraint(
            ["home_bed_id"], ["home_bed.id"], name=op.f("fk_care_plan_home_bed_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_plan_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_plan_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_plan")),
    )
    op.create_index("ix_care_plan_resident_id", "care_plan", ["resident_id"], unique=False)
    op.create_index("ix_care_plan_site_id", "care_plan", ["site_id", "state"], unique=False)
    op.create_index(
        "uq_care_plan_one_agreed",
        "care_plan",
        ["home_bed_id"],
        unique=True,
        postgresql_where=sa.text("state = 'agreed'"),
    )
    op.create_index(
        "uq_care_plan_one_drafted",
        "care_plan",
        ["home_bed_id"],
        unique=True,
        postgresql_where=sa.text("state = 'drafted'"),
    )


def _care_plan_item() -> None:
    op.create_table(
        "care_plan_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("services", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("weekdays", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "cardinality(services) >= 1", name=op.f("ck_care_plan_item_for_something")
        ),
        sa.CheckConstraint(
            "cardinality(weekdays) BETWEEN 1 AND 7", name=op.f("ck_care_plan_item_on_some_days")
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 5 AND 480", name=op.f("ck_care_plan_item_minutes_are_believable")
        ),
        sa.CheckConstraint(
            "weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]",
            name=op.f("ck_care_plan_item_on_days_of_the_week"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["care_plan.id"], name=op.f("fk_care_plan_item_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_plan_item_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_plan_item_site_id")),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["staff.id"], name=op.f("fk_care_plan_item_worker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_plan_item")),
    )
    op.create_index("ix_care_plan_item_plan_id", "care_plan_item", ["plan_id"], unique=False)


def _care_wish() -> None:
    op.create_table(
        "care_wish",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", _one_of("carewishkind", "change", "complaint"), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_care_wish_answered_at_a_time")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_care_wish_says_something")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["staff.id"], name=op.f("fk_care_wish_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_wish_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_wish_site_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["care_visit.id"], name=op.f("fk_care_wish_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_wish")),
    )
    op.create_index("ix_care_wish_resident_id", "care_wish", ["resident_id"], unique=False)
    op.create_index("ix_care_wish_site_id", "care_wish", ["site_id", "asked_at"], unique=False)


def _visit_rating() -> None:
    op.create_table(
        "visit_rating",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 3", name=op.f("ck_visit_rating_score_is_a_face")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_visit_rating_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_visit_rating_site_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["care_visit.id"], name=op.f("fk_visit_rating_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_rating")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_visit_rating_visit_id")),
    )
    op.create_index("ix_visit_rating_site_id", "visit_rating", ["site_id"], unique=False)


def _visit_correction() -> None:
    op.create_table(
        "visit_correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("proof_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tasks_done", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "state", _one_of("correctionstate", "asked", "confirmed", "refused"), nullable=False
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)",
            name=op.f("ck_visit_correction_decided_at_a_time"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_visit_correction_for_a_reason")),
        sa.CheckConstraint(
            "asked_by <> decided_by", name=op.f("ck_visit_correction_decided_by_another")
        ),
        sa.CheckConstraint(
            "left_at > arrived_at", name=op.f("ck_visit_correction_left_after_arrival")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_visit_correction_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_visit_correction_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["proof_id"], ["visit_proof.id"], name=op.f("fk_visit_correction_proof_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_visit_correction_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_visit_correction_site_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["care_visit.id"], name=op.f("fk_visit_correction_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_correction")),
    )
    op.create_index(
        "ix_visit_correction_site_id", "visit_correction", ["site_id", "state"], unique=False
    )
    op.create_index(
        "uq_visit_correction_one_asked",
        "visit_correction",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )


def _columns() -> None:
    op.add_column("care_visit", sa.Column("plan_item_id", sa.BigInteger(), nullable=True))
    op.add_column("care_visit", sa.Column("planned_on", sa.Date(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_care_visit_plan_item_id_planned_on"), "care_visit", ["plan_item_id", "planned_on"]
    )
    op.create_foreign_key(
        op.f("fk_care_visit_plan_item_id"), "care_visit", "care_plan_item", ["plan_item_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_care_visit_planned_on_a_day_of_its_plan"),
        "care_visit",
        "(plan_item_id IS NULL) = (planned_on IS NULL)",
    )
    op.add_column("visit_proof", sa.Column("skew_seconds", sa.Integer(), nullable=True))


def _visit_photos() -> None:
    op.drop_constraint(op.f("ck_file_filepurpose"), "file")
    purposes = "'resident_photo', 'site_photo', 'site_paper', 'visit_photo'"
    op.create_check_constraint(op.f("ck_file_filepurpose"), "file", f"purpose IN ({purposes})")
    op.drop_constraint(op.f("ck_file_site_when_of_a_site"), "file")
    op.create_check_constraint(
        op.f("ck_file_site_when_of_a_site"),
        "file",
        "(purpose IN ('site_photo', 'site_paper', 'visit_photo')) = (site_id IS NOT NULL)",
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
