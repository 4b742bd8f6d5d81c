"""Settled months of canteens with the meals beneath them, adjustments, and what eaters say."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from server.migrations import sql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FINDINGS = (
    "meal_over_the_cap",
    "meal_two_canteens",
    "meal_collected_in_a_burst",
    "meal_more_than_seats",
    "meal_one_hand",
    "meal_tier_differs",
    "meal_without_licence",
    "meal_in_hospital",
    "meal_in_a_home",
)
MEALS = ("breakfast", "lunch", "dinner")
KINDS = ("taste", "cold", "late", "short", "attitude", "unclean", "other", "suggestion")
SUMS = ("list_fen", "discount_fen", "subsidy_fen", "charity_fen", "own_pay_fen")
PARTS = (
    "list_price_fen", "operator_discount_fen", "subsidy_fen", "charity_fen", "own_pay_fen",
)  # fmt: skip


def upgrade() -> None:
    _more_kinds("finding", "ck_finding_findingkind", "kind", FINDINGS)
    _settlements()
    _facts()
    _lines()
    _adjustments()
    _ratings()
    _voices()
    _notices()
    sql.execute("0042_settled_months_of_meals")


def _more_kinds(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Let a list of values hold others at its end, whatever it holds by now."""
    asked = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"
    asked += " AND conrelid = CAST(:table AS regclass)"
    named = {"name": name, "table": table}
    known = re.findall(r"'(\w+)'", op.get_bind().execute(sa.text(asked), named).scalar_one())
    listed = ", ".join(f"'{each}'" for each in (*known, *values))
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")


def _settlements() -> None:
    op.create_table(
        "meal_settlement",
        _key(),
        *_refers("meal_settlement", site_id="site"),
        sa.Column("month", sa.Date(), nullable=False),
        _chosen("stage", "settlementstage", "drawn_up", "confirmed", "accepted", "paid"),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("person_days", sa.Integer(), nullable=False),
        *_large(*SUMS),
        sa.Column("rate_fen", sa.Integer(), nullable=False),
        *_refers("meal_settlement", rate_parameter_id="parameter"),
        *_large("operation_fen", "adjustment_fen", "owed_fen"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_up_at", MOMENT, nullable=False),
        *_may_refer("meal_settlement", drawn_up_by="staff"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        *_may_refer("meal_settlement", confirmed_by="staff"),
        sa.Column("accepted_at", MOMENT, nullable=True),
        *_may_refer("meal_settlement", accepted_by="staff"),
        sa.Column("paid_on", sa.Date(), nullable=True),
        *_may_refer("meal_settlement", paid_by="staff"),
        sa.Column("paid_number", sa.String(length=60), nullable=False),
        *_checks(
            "meal_settlement",
            is_a_month="EXTRACT(day FROM month) = 1",
            parts_sum="list_fen = discount_fen + subsidy_fen + charity_fen + own_pay_fen",
            operation_is_by_rate="operation_fen = person_days * rate_fen",
            owed_is_the_sum="owed_fen = subsidy_fen + operation_fen + adjustment_fen",
            person_days_fit="person_days <= meals",
            digest_is_sha256="length(digest) = 32",
            confirmed_in_turn="(stage = 'drawn_up') = (confirmed_at IS NULL)",
            accepted_in_turn="(stage IN ('accepted', 'paid')) = (accepted_at IS NOT NULL)",
            paid_in_turn="(stage = 'paid') = (paid_on IS NOT NULL)"
            " AND (paid_on IS NULL) = (paid_number = '')",
            accepted_by_another="drawn_up_by <> accepted_by",
            not_accepted_by_the_canteen="confirmed_by <> accepted_by",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_settlement")),
        sa.UniqueConstraint("site_id", "month", name=op.f("uq_meal_settlement_site_id_month")),
    )
    op.create_index("ix_meal_settlement_stage", "meal_settlement", ["stage", "due_on"])


def _facts() -> None:
    op.create_table(
        "meal_fact",
        sa.Column("booking_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_meal_fact_booking_id")
        ),
        *_refers(
            "meal_fact", settlement_id="meal_settlement", site_id="site", resident_id="resident"
        ),
        sa.Column("service_on", sa.Date(), nullable=False),
        _chosen("meal", "meal", *MEALS),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=30), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in PARTS),
        *_checks(
            "meal_fact",
            parts_sum="list_price_fen = operator_discount_fen + subsidy_fen + charity_fen"
            " + own_pay_fen",
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_meal_fact")),
    )
    op.create_index("ix_meal_fact_settlement_id", "meal_fact", ["settlement_id", "service_on"])
    op.create_index("ix_meal_fact_resident_id", "meal_fact", ["resident_id", "service_on"])


def _lines() -> None:
    op.create_table(
        "meal_settlement_line",
        sa.Column("settlement_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["meal_settlement.id"],
            name=op.f("fk_meal_settlement_line_settlement_id"),
        ),
        _chosen("meal", "meal", *MEALS),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=30), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        *_large(*SUMS),
        sa.PrimaryKeyConstraint(
            "settlement_id", "meal", "age_band", "tier", name=op.f("pk_meal_settlement_line")
        ),
    )


def _adjustments() -> None:
    op.create_table(
        "meal_adjustment",
        _key(),
        *_refers("meal_adjustment", site_id="site"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        *_may_refer("meal_adjustment", booking_id="booking"),
        _chosen("state", "adjustmentstate", "asked", "accepted", "refused"),
        sa.Column("asked_at", MOMENT, nullable=False),
        *_refers("meal_adjustment", asked_by="staff"),
        sa.Column("decided_at", MOMENT, nullable=True),
        *_may_refer("meal_adjustment", decided_by="staff"),
        *_checks(
            "meal_adjustment",
            is_a_month="EXTRACT(day FROM month) = 1",
            is_an_amount="amount_fen <> 0",
            for_a_reason="reason <> ''",
            decided_at_a_time="(state = 'asked') = (decided_at IS NULL)",
            decided_by_another="asked_by <> decided_by",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_adjustment")),
    )
    op.create_index("ix_meal_adjustment_site_id", "meal_adjustment", ["site_id", "month"])


def _ratings() -> None:
    op.create_table(
        "meal_rating",
        _key(),
        *_refers("meal_rating", booking_id="booking", resident_id="resident", site_id="site"),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        *_checks(
            "meal_rating",
            score_is_a_face="score BETWEEN 1 AND 3",
            changed_afterwards="changed_at >= rated_at",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_rating")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_meal_rating_booking_id")),
    )
    op.create_index("ix_meal_rating_site_id", "meal_rating", ["site_id", "service_on"])


def _voices() -> None:
    op.create_table(
        "meal_voice",
        _key(),
        _chosen("kind", "mealvoicekind", *KINDS),
        *_refers("meal_voice", resident_id="resident", site_id="site"),
        *_may_refer("meal_voice", booking_id="booking"),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        *_may_refer("meal_voice", answered_by="staff"),
        sa.Column("handed_at", MOMENT, nullable=True),
        *_may_refer("meal_voice", handed_by="staff"),
        sa.Column("handed_words", sa.String(length=200), nullable=False),
        *_may_refer("meal_voice", follows_id="meal_voice"),
        *_checks(
            "meal_voice",
            answered_at_a_time="(answered_at IS NULL) = (answer = '')",
            handed_by_somebody="(handed_at IS NULL) = (handed_by IS NULL)",
            handed_what_follows="handed_at IS NULL OR follows_id IS NOT NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_voice")),
        sa.UniqueConstraint("follows_id", name=op.f("uq_meal_voice_follows_id")),
    )
    waiting = sa.text("answered_at IS NULL")
    op.create_index("ix_meal_voice_due_on", "meal_voice", ["due_on"], postgresql_where=waiting)
    op.create_index("ix_meal_voice_site_id", "meal_voice", ["site_id", "said_at"])
    op.create_index("ix_meal_voice_resident_id", "meal_voice", ["resident_id"])


def _notices() -> None:
    op.create_table(
        "meal_notice",
        _key(),
        *_may_refer("meal_notice", site_id="site"),
        sa.Column("division_code", sa.String(length=12), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        *_refers("meal_notice", made_by="staff"),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        *_checks(
            "meal_notice",
            ends_after_start="ends_on >= starts_on",
            says_something="title <> '' AND words <> ''",
            of_one="num_nonnulls(site_id, division_code) = 1",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meal_notice")),
    )
    op.create_index("ix_meal_notice_ends_on", "meal_notice", ["ends_on"])


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _large(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _chosen(column: str, name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, nullable=False)


def _refers(table: str, *, nullable: bool = False, **targets: str) -> list[SchemaItem]:
    items: list[SchemaItem] = []
    for column, target in targets.items():
        name = op.f(f"fk_{table}_{column}")
        items.append(sa.Column(column, sa.BigInteger(), nullable=nullable))
        items.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name))
    return items


def _may_refer(table: str, **targets: str) -> list[SchemaItem]:
    return _refers(table, nullable=True, **targets)


def _checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in conditions.items()
    ]


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
