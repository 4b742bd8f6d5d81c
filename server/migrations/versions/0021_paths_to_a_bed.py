"""Referrals from bed to bed, waiting lists, offers, and visits to homes."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STILL_WAITS = "state IN ('waiting', 'offered')"


def upgrade() -> None:
    _referrals()
    _waiting()
    _offers()
    _viewings()
    sql.execute("0021_paths")


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("from_stay_id", sa.BigInteger(), nullable=True),
        sa.Column("from_site_id", sa.BigInteger(), nullable=True),
        sa.Column("from_kind", _kind("from_bedkind"), nullable=True),
        sa.Column("keeps_bed", sa.Boolean(), nullable=False),
        sa.Column("to_site_id", sa.BigInteger(), nullable=False),
        sa.Column("to_kind", _kind("to_bedkind"), nullable=False),
        sa.Column("wished_bed_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "reason",
            _one_of(
                "referralreason",
                "treatment",
                "recovery",
                "daily_care",
                "hospice_care",
                "nearer_family",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("requested_by", _asker(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            _one_of(
                "referralstate",
                "requested",
                "accepted",
                "declined",
                "lapsed",
                "carried_out",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decline_reason", sa.String(length=200), nullable=False),
        sa.Column("held_stay_id", sa.BigInteger(), nullable=True),
        sa.Column("handover_note", sa.String(length=400), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        *_checks_of_a_referral(),
        *_ties_of_a_referral(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_resident_id", "referral", ["resident_id"])
    op.create_index("ix_referral_to_site_id", "referral", ["to_site_id", "state"])
    op.create_index("ix_referral_from_site_id", "referral", ["from_site_id", "state"])
    op.create_index(
        "uq_referral_one_open",
        "referral",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'accepted')"),
    )


def _checks_of_a_referral() -> list[sa.CheckConstraint]:
    checks = {
        "declined_for_a_reason": "(state = 'declined') = (decline_reason <> '')",
        "carried_out_on_a_day": "(state = 'carried_out') = (handed_over_on IS NOT NULL)",
        "comes_from_a_place": "num_nonnulls(from_stay_id, from_site_id, from_kind) IN (0, 3)",
        "keeps_a_bed_it_has": "from_stay_id IS NOT NULL OR NOT keeps_bed",
        "decided_at_a_time": "(state = 'requested') = (decided_at IS NULL)",
    }
    return [
        sa.CheckConstraint(check, name=op.f(f"ck_referral_{name}"))
        for name, check in checks.items()
    ]


def _ties_of_a_referral() -> list[sa.ForeignKeyConstraint]:
    return [
        *_refers("referral", resident_id="resident", from_site_id="site", to_site_id="site"),
        *_refers("referral", decided_by="staff", from_stay_id="stay", held_stay_id="stay"),
        sa.ForeignKeyConstraint(
            ["wished_bed_id", "to_site_id", "to_kind"],
            ["bed.id", "bed.site_id", "bed.kind"],
            name="fk_referral_wished_bed",
        ),
    ]


def _waiting() -> None:
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("ground", _one_of("waitingground", "tekun", "disabled", "none"), nullable=False),
        sa.Column("asked_by", _asker(), nullable=False),
        sa.Column(
            "state",
            _one_of("waitingstate", "waiting", "offered", "accepted", "left", "removed"),
            nullable=False,
        ),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            f"({STILL_WAITS}) = (ended_at IS NULL)", name=op.f("ck_waiting_entry_ended_at_a_time")
        ),
        sa.CheckConstraint(
            "(state = 'removed') = (end_reason <> '')",
            name=op.f("ck_waiting_entry_removed_for_a_reason"),
        ),
        sa.CheckConstraint(
            "priority BETWEEN 1 AND 9", name=op.f("ck_waiting_entry_priority_is_small")
        ),
        *_refers("waiting_entry", resident_id="resident", site_id="site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entry")),
    )
    op.create_index("ix_waiting_entry_resident_id", "waiting_entry", ["resident_id"])
    op.create_index(
        "ix_waiting_entry_order",
        "waiting_entry",
        ["site_id", "kind", "priority", "since", "id"],
        postgresql_where=sa.text(STILL_WAITS),
    )
    op.create_index(
        "uq_waiting_entry_one_open",
        "waiting_entry",
        ["resident_id", "site_id", "kind"],
        unique=True,
        postgresql_where=sa.text(STILL_WAITS),
    )


def _offers() -> None:
    op.create_table(
        "bed_offer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("bed_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            _one_of("offerstate", "open", "accepted", "declined", "lapsed", "withdrawn"),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "expires_at > made_at", name=op.f("ck_bed_offer_expires_after_it_was_made")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_bed_offer_answered_at_a_time")
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (stay_id IS NOT NULL)",
            name=op.f("ck_bed_offer_accepted_with_a_bed"),
        ),
        *_ties_of_an_offer(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_offer")),
    )
    op.create_index("ix_bed_offer_resident_id", "bed_offer", ["resident_id"])
    op.create_index("ix_bed_offer_entry_id", "bed_offer", ["entry_id"])
    for name, column in (("a_bed", "bed_id"), ("an_entry", "entry_id")):
        op.create_index(
            f"uq_bed_offer_one_{name}",
            "bed_offer",
            [column],
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
        )


def _ties_of_an_offer() -> list[sa.ForeignKeyConstraint]:
    return [
        *_refers("bed_offer", resident_id="resident", site_id="site"),
        *_refers("bed_offer", entry_id="waiting_entry", stay_id="stay"),
        sa.ForeignKeyConstraint(
            ["bed_id", "site_id", "kind"],
            ["bed.id", "bed.site_id", "bed.kind"],
            name="fk_bed_offer_bed",
        ),
    ]


def _viewings() -> None:
    op.create_table(
        "viewing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", _one_of("partofday", "morning", "afternoon"), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            _one_of("viewingstate", "asked", "confirmed", "declined", "done", "cancelled"),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_viewing_answered_at_a_time")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR answer <> ''", name=op.f("ck_viewing_declined_for_a_reason")
        ),
        *_refers("viewing", resident_id="resident", site_id="site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing")),
    )
    op.create_index("ix_viewing_resident_id", "viewing", ["resident_id"])
    op.create_index("ix_viewing_site_id", "viewing", ["site_id", "day"])
    op.create_index(
        "uq_viewing_one_ahead",
        "viewing",
        ["resident_id", "site_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'confirmed')"),
    )


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def _kind(name: str = "bedkind") -> sa.Enum:
    return _one_of(name, "institution", "medical", "home_care", "home_sickbed", "hospice")


def _asker() -> sa.Enum:
    return _one_of("requestedby", "staff", "helper", "self")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
