"""Entitlements to service at home, a month's amounts, orders that use them, and samples of orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from server.migrations import sql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql.execute("0033_finding_kind")
    _care_entitlement()
    _care_allowance()
    _care_order()
    _care_allowance_entry()
    _care_order_draw()
    _care_order_check()
    sql.execute("0033_bought_service")


def _care_entitlement() -> None:
    op.create_table(
        "care_entitlement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("programme", _one_of("programme", "purchased", "voucher"), nullable=False),
        sa.Column(
            "state",
            _one_of("entitlementstate", "applied", "granted", "suspended", "refused", "ended"),
            nullable=False,
        ),
        sa.Column(
            "requested_by", _one_of("requestedby", "staff", "helper", "self"), nullable=False
        ),
        sa.Column("gets_care_allowance", sa.Boolean(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            _one_of("entitlementend", "died", "moved_away", "withdrawn", "not_entitled"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'applied') = (decided_at IS NULL)",
            name=op.f("ck_care_entitlement_decided_at_a_time"),
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (end_reason IS NOT NULL)",
            name=op.f("ck_care_entitlement_ended_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(state IN ('granted', 'suspended')) <= (starts_on IS NOT NULL)",
            name=op.f("ck_care_entitlement_granted_from_a_month"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR note <> ''",
            name=op.f("ck_care_entitlement_refused_for_a_reason"),
        ),
        sa.CheckConstraint(
            "EXTRACT(day FROM starts_on) = 1", name=op.f("ck_care_entitlement_starts_with_a_month")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_care_entitlement_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_entitlement_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_entitlement")),
    )
    op.create_index(
        op.f("ix_care_entitlement_resident_id"), "care_entitlement", ["resident_id"], unique=False
    )
    op.create_index(
        "ix_care_entitlement_state", "care_entitlement", ["state", "applied_at"], unique=False
    )
    op.create_index(
        "uq_care_entitlement_one_lasts",
        "care_entitlement",
        ["resident_id", "programme"],
        unique=True,
        postgresql_where=sa.text("state IN ('applied', 'granted', 'suspended')"),
    )


def _care_allowance() -> None:
    op.create_table(
        "care_allowance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entitlement_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("programme", _one_of("programme", "purchased", "voucher"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("reserved_fen", sa.Integer(), nullable=False),
        sa.Column("redeemed_fen", sa.Integer(), nullable=False),
        sa.Column("basis", JSONB(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "EXTRACT(day FROM month) = 1", name=op.f("ck_care_allowance_is_a_month")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_care_allowance_is_worth_something")),
        sa.CheckConstraint(
            "reserved_fen + redeemed_fen <= amount_fen",
            name=op.f("ck_care_allowance_never_above_its_amount"),
        ),
        sa.CheckConstraint(
            "reserved_fen >= 0 AND redeemed_fen >= 0",
            name=op.f("ck_care_allowance_use_is_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["entitlement_id"],
            ["care_entitlement.id"],
            name=op.f("fk_care_allowance_entitlement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_allowance_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_allowance")),
        sa.UniqueConstraint(
            "resident_id",
            "programme",
            "month",
            name=op.f("uq_care_allowance_resident_id_programme_month"),
        ),
    )
    op.create_index(
        op.f("ix_care_allowance_entitlement_id"), "care_allowance", ["entitlement_id"], unique=False
    )
    op.create_index(
        "ix_care_allowance_month", "care_allowance", ["month", "programme"], unique=False
    )


def _care_order() -> None:
    op.create_table(
        "care_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("services", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("bill_fen", sa.Integer(), nullable=False),
        sa.Column("purchased_fen", sa.Integer(), nullable=False),
        sa.Column("voucher_fen", sa.Integer(), nullable=False),
        sa.Column("own_fen", sa.Integer(), nullable=False),
        sa.Column("purchased_id", sa.BigInteger(), nullable=True),
        sa.Column("voucher_id", sa.BigInteger(), nullable=True),
        sa.Column("basis", JSONB(), nullable=False),
        sa.Column(
            "state",
            _one_of("orderstate", "ordered", "assigned", "redeemed", "cancelled", "lapsed"),
            nullable=False,
        ),
        sa.Column(
            "requested_by", _one_of("requestedby", "staff", "helper", "self"), nullable=False
        ),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason <> '')",
            name=op.f("ck_care_order_cancelled_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(state IN ('ordered', 'assigned')) = (closed_at IS NULL)",
            name=op.f("ck_care_order_closed_at_a_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'redeemed') OR visit_id IS NOT NULL",
            name=op.f("ck_care_order_has_its_visit"),
        ),
        sa.CheckConstraint(
            "(purchased_fen = 0 OR purchased_id IS NOT NULL) AND (voucher_fen = 0 OR voucher_id IS NOT NULL)",
            name=op.f("ck_care_order_parts_come_from_somewhere"),
        ),
        sa.CheckConstraint("cardinality(services) >= 1", name=op.f("ck_care_order_for_something")),
        sa.CheckConstraint(
            "minutes BETWEEN 5 AND 720", name=op.f("ck_care_order_minutes_are_believable")
        ),
        sa.CheckConstraint(
            "purchased_fen + voucher_fen + own_fen = bill_fen",
            name=op.f("ck_care_order_parts_are_the_bill"),
        ),
        sa.CheckConstraint(
            "purchased_fen >= 0 AND voucher_fen >= 0 AND own_fen >= 0",
            name=op.f("ck_care_order_parts_are_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["purchased_id"], ["care_allowance.id"], name=op.f("fk_care_order_purchased_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_order_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_order_site_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["care_visit.id"], name=op.f("fk_care_order_visit_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["care_allowance.id"], name=op.f("fk_care_order_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_order")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_care_order_visit_id")),
    )
    op.create_index(
        "ix_care_order_open",
        "care_order",
        ["service_on"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_care_order_purchased_id"), "care_order", ["purchased_id"], unique=False
    )
    op.create_index(
        "ix_care_order_resident_id", "care_order", ["resident_id", "service_on"], unique=False
    )
    op.create_index("ix_care_order_site_id", "care_order", ["site_id", "service_on"], unique=False)
    op.create_index(op.f("ix_care_order_voucher_id"), "care_order", ["voucher_id"], unique=False)
    op.create_index(
        "uq_care_order_one_at_once",
        "care_order",
        ["resident_id", "starts_at"],
        unique=True,
        postgresql_where=sa.text("state IN ('ordered', 'assigned')"),
    )


def _care_allowance_entry() -> None:
    op.create_table(
        "care_allowance_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("allowance_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _one_of("entrykind", "reserved", "freed", "redeemed"), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_fen > 0", name=op.f("ck_care_allowance_entry_is_worth_something")
        ),
        sa.ForeignKeyConstraint(
            ["allowance_id"],
            ["care_allowance.id"],
            name=op.f("fk_care_allowance_entry_allowance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["care_order.id"], name=op.f("fk_care_allowance_entry_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_allowance_entry_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_allowance_entry")),
        sa.UniqueConstraint(
            "allowance_id",
            "order_id",
            "kind",
            name=op.f("uq_care_allowance_entry_allowance_id_order_id_kind"),
        ),
    )
    op.create_index(
        op.f("ix_care_allowance_entry_order_id"), "care_allowance_entry", ["order_id"], unique=False
    )
    op.create_index(
        op.f("ix_care_allowance_entry_resident_id"),
        "care_allowance_entry",
        ["resident_id"],
        unique=False,
    )


def _care_order_draw() -> None:
    op.create_table(
        "care_order_draw",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("county_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("seed <> ''", name=op.f("ck_care_order_draw_has_a_seed")),
        sa.CheckConstraint(
            "EXTRACT(day FROM month) = 1", name=op.f("ck_care_order_draw_is_a_month")
        ),
        sa.CheckConstraint(
            "size * 100 >= population * percent", name=op.f("ck_care_order_draw_is_large_enough")
        ),
        sa.CheckConstraint(
            "size BETWEEN 1 AND population", name=op.f("ck_care_order_draw_size_fits")
        ),
        sa.ForeignKeyConstraint(
            ["county_code"], ["division.code"], name=op.f("fk_care_order_draw_county_code")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by"], ["staff.id"], name=op.f("fk_care_order_draw_drawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_order_draw")),
        sa.UniqueConstraint(
            "county_code", "month", name=op.f("uq_care_order_draw_county_code_month")
        ),
    )


def _care_order_check() -> None:
    op.create_table(
        "care_order_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draw_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "result", _one_of("checkresult", "there", "not_there", "doubtful"), nullable=True
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("photo_file_id", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "result IS NULL OR result = 'there' OR note <> ''",
            name=op.f("ck_care_order_check_a_doubt_is_explained"),
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (checked_at IS NULL)",
            name=op.f("ck_care_order_check_checked_at_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["staff.id"], name=op.f("fk_care_order_check_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["care_order_draw.id"], name=op.f("fk_care_order_check_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["care_order.id"], name=op.f("fk_care_order_check_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_file_id"], ["file.id"], name=op.f("fk_care_order_check_photo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_order_check_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_order_check_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_order_check")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_care_order_check_draw_id_place")),
        sa.UniqueConstraint("order_id", name=op.f("uq_care_order_check_order_id")),
    )
    op.create_index(
        op.f("ix_care_order_check_resident_id"), "care_order_check", ["resident_id"], unique=False
    )
    op.create_index("ix_care_order_check_site_id", "care_order_check", ["site_id"], unique=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
