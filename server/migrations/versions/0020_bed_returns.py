"""Bed returns and daily reports, keys that file for some facilities, findings about a facility."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _bed_returns()
    _daily_reports()
    _keys()
    _findings()
    sql.execute("0020_bed_returns")


def _bed_returns() -> None:
    op.create_table(
        "bed_return",
        _id(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            _one_of("bedkind", "institution", "medical", "home_care", "home_sickbed", "hospice"),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("licensed", sa.Integer(), nullable=False),
        sa.Column("usable", sa.Integer(), nullable=False),
        sa.Column("occupied", sa.Integer(), nullable=False),
        sa.Column("on_leave", sa.Integer(), nullable=False),
        sa.Column("nursing_occupied", sa.Integer(), nullable=True),
        sa.Column("is_unchanged", sa.Boolean(), nullable=False),
        *_filed(),
        sa.CheckConstraint(
            "0 <= occupied AND 0 <= on_leave AND occupied + on_leave <= usable"
            " AND usable <= licensed",
            name=op.f("ck_bed_return_figures_add_up"),
        ),
        sa.CheckConstraint(
            "nursing_occupied BETWEEN 0 AND occupied",
            name=op.f("ck_bed_return_nursing_among_occupied"),
        ),
        sa.CheckConstraint(
            "day BETWEEN DATE '2000-01-01' AND DATE '2169-12-31'",
            name=op.f("ck_bed_return_day_is_believable"),
        ),
        sa.ForeignKeyConstraint(["filed_by"], ["staff.id"], name=op.f("fk_bed_return_filed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bed_return_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_return")),
        sa.UniqueConstraint("site_id", "kind", "day", name=op.f("uq_bed_return_site_id_kind_day")),
    )
    op.create_index("ix_bed_return_day", "bed_return", ["day"])


def _daily_reports() -> None:
    op.create_table(
        "daily_report",
        _id(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("occupants", sa.Integer(), nullable=False),
        sa.Column("came_in", sa.Integer(), nullable=False),
        sa.Column("went_out", sa.Integer(), nullable=False),
        sa.Column("fever", sa.Integer(), nullable=False),
        sa.Column("ill", sa.Integer(), nullable=False),
        sa.Column("hazards", sa.String(length=400), nullable=False),
        sa.Column("supplies", sa.String(length=400), nullable=False),
        sa.Column("is_zero", sa.Boolean(), nullable=False),
        *_filed(),
        sa.CheckConstraint(
            "0 <= occupants AND 0 <= came_in AND 0 <= went_out AND 0 <= fever AND 0 <= ill",
            name=op.f("ck_daily_report_counts_not_negative"),
        ),
        sa.CheckConstraint(
            "fever <= occupants AND ill <= occupants",
            name=op.f("ck_daily_report_ill_among_occupants"),
        ),
        sa.CheckConstraint(
            "NOT is_zero OR came_in + went_out + fever + ill = 0 AND hazards = ''"
            " AND supplies = ''",
            name=op.f("ck_daily_report_zero_is_zero"),
        ),
        sa.ForeignKeyConstraint(["filed_by"], ["staff.id"], name=op.f("fk_daily_report_filed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_daily_report_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_report")),
        sa.UniqueConstraint("site_id", "day", name=op.f("uq_daily_report_site_id_day")),
    )
    op.create_index("ix_daily_report_day", "daily_report", ["day"])


def _keys() -> None:
    op.create_table(
        "api_key_site",
        sa.Column("api_key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_api_key_site_api_key_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_api_key_site_site_id")),
        sa.PrimaryKeyConstraint("api_key_id", "site_id", name=op.f("pk_api_key_site")),
    )


def _findings() -> None:
    """A finding is about a resident or about a facility; and one more kind of them."""
    name = op.f("ck_finding_findingkind")
    op.drop_constraint(name, "finding")
    kinds = (
        "meal_after_departure",
        "hardship_after_departure",
        "night_after_departure",
        "return_differs",
    )
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "finding", f"kind IN ({listed})")
    op.alter_column("finding", "resident_id", nullable=True)
    op.add_column("finding", sa.Column("site_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_finding_site_id"), "finding", "site", ["site_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_finding_about_one"), "finding", "num_nonnulls(resident_id, site_id) = 1"
    )
    op.create_index("ix_finding_site_id", "finding", ["site_id"])


def _filed() -> list[sa.Column[object]]:
    sources = ("console", "phone", "file", "api", "sms")
    return [
        sa.Column("source", _one_of("returnsource", *sources), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.BigInteger(), nullable=True),
    ]


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
