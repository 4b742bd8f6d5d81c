"""Age-friendly renovation of homes: catalogue, life, survey, quotes, pictures, acceptance."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

STATES = ("applied", "survey", "quoting", "consent", "building", "acceptance", "settled", "ended")
ROOMS = ("entrance", "living_room", "bedroom", "toilet", "kitchen", "balcony", "stairs")
TIERS = ("tekun", "tekun_in_care", "dibao", "dibian", "none")


def upgrade() -> None:
    _purposes_of_files()
    _renovation_item()
    _renovation()
    _renovation_move()
    _renovation_need()
    _renovation_photo()
    _renovation_quote()
    _renovation_quote_line()
    _renovation_acceptance()
    sql.execute("0034_renovations")


def _purposes_of_files() -> None:
    op.drop_constraint(op.f("ck_file_filepurpose"), "file")
    purposes = (
        "'resident_photo', 'site_photo', 'site_paper', 'visit_photo', 'device_photo',"
        " 'renovation_photo'"
    )
    op.create_check_constraint(op.f("ck_file_filepurpose"), "file", f"purpose IN ({purposes})")
    op.drop_constraint(op.f("ck_file_site_when_of_a_site"), "file")
    op.create_check_constraint(
        op.f("ck_file_site_when_of_a_site"),
        "file",
        "(purpose IN ('site_photo', 'site_paper', 'visit_photo', 'device_photo'))"
        " = (site_id IS NOT NULL)"
        " OR purpose = 'renovation_photo'",
    )


def _renovation_item() -> None:
    op.create_table(
        "renovation_item",
        _key(),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("is_basic", sa.Boolean(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("ceiling_fen", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=100), nullable=False),
        sa.CheckConstraint("ceiling_fen > 0", name=op.f("ck_renovation_item_ceiling_is_positive")),
        sa.CheckConstraint(
            "is_offered OR NOT is_basic", name=op.f("ck_renovation_item_basic_is_offered")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_item")),
        sa.UniqueConstraint("code", "starts_on", name=op.f("uq_renovation_item_code_starts_on")),
    )


def _renovation() -> None:
    op.create_table(
        "renovation",
        _key(),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=True),
        sa.Column("state", _one_of("renovationstate", *STATES), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "requested_by", _one_of("requestedby", "staff", "helper", "self"), nullable=False
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wishes", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("home_key", sa.String(length=340), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("has_trade_in", sa.Boolean(), nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("surveyed_by", sa.BigInteger(), nullable=True),
        sa.Column("surveyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("survey_note", sa.String(length=400), nullable=False),
        sa.Column("tier", _one_of("hardshiptier", *TIERS), nullable=True),
        sa.Column("cost_fen", sa.Integer(), nullable=True),
        sa.Column("grant_fen", sa.Integer(), nullable=True),
        sa.Column("own_pay_fen", sa.Integer(), nullable=True),
        sa.Column("invoice_ref", sa.String(length=60), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rating_words", sa.String(length=200), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            _one_of("renovationend", "died", "moved_away", "withdrawn", "refused", "other"),
            nullable=True,
        ),
        sa.Column("end_note", sa.String(length=200), nullable=False),
        *_checks_of_a_renovation(),
        _to("renovation", "resident_id", "resident.id"),
        _to("renovation", "site_id", "site.id"),
        _to("renovation", "surveyed_by", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation")),
        sa.UniqueConstraint("invoice_ref", name=op.f("uq_renovation_invoice_ref")),
    )
    _indexes_of_a_renovation()


def _checks_of_a_renovation() -> list[sa.CheckConstraint]:
    checks = {
        "position_is_whole": "(x IS NULL) = (y IS NULL)",
        "ended_on_a_day": "(state = 'ended') = (ended_on IS NOT NULL)",
        "ended_for_a_reason": "(state = 'ended') = (end_reason IS NOT NULL)",
        "open_ones_hold": (
            "CASE state WHEN 'ended' THEN NOT holds WHEN 'settled' THEN true ELSE holds END"
        ),
        "settled_on_a_day": (
            "(state = 'settled') = (settled_on IS NOT NULL AND held_until IS NOT NULL)"
        ),
        "held_after_settling": "held_until > settled_on",
        "parts_are_the_cost": (
            "0 <= grant_fen AND 0 <= own_pay_fen AND cost_fen = grant_fen + own_pay_fen"
        ),
        "amounts_are_whole": "num_nulls(tier, cost_fen, grant_fen, own_pay_fen) IN (0, 4)",
        "built_for_an_amount": (
            "state NOT IN ('building', 'acceptance', 'settled')"
            " OR (cost_fen IS NOT NULL AND site_id IS NOT NULL)"
        ),
        "score_of_five": "score BETWEEN 1 AND 5",
    }
    return [
        sa.CheckConstraint(check, name=op.f(f"ck_renovation_{name}"))
        for name, check in checks.items()
    ]


def _indexes_of_a_renovation() -> None:
    held, still_open = sa.text("holds"), sa.text("state NOT IN ('settled', 'ended')")
    _index("uq_renovation_one_a_home", ["home_key"], unique=True, postgresql_where=held)
    _index("uq_renovation_one_a_person", ["resident_id"], unique=True, postgresql_where=held)
    _index("ix_renovation_resident_id", ["resident_id"])
    _index("ix_renovation_site_id", ["site_id", "state"])
    _index("ix_renovation_due_on", ["due_on"], postgresql_where=still_open)


def _renovation_move() -> None:
    steps = ("apply", "take_up", "survey", "quote", "agree", "decline", "finish", "redo",
             "settle", "end", "refuse", "withdraw")  # fmt: skip
    op.create_table(
        "renovation_move",
        _key(),
        sa.Column("renovation_id", sa.BigInteger(), nullable=False),
        sa.Column("step", _one_of("renovationstep", *steps), nullable=False),
        sa.Column("from_state", _one_of("from_renovationstate", *STATES), nullable=True),
        sa.Column("to_state", _one_of("to_renovationstate", *STATES), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        _to("renovation_move", "renovation_id", "renovation.id"),
        _to("renovation_move", "staff_id", "staff.id"),
        _to("renovation_move", "account_id", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_move")),
    )
    _index("ix_renovation_move_renovation_id", ["renovation_id"], table="renovation_move")


def _renovation_need() -> None:
    op.create_table(
        "renovation_need",
        _key(),
        sa.Column("renovation_id", sa.BigInteger(), nullable=False),
        sa.Column("room", _one_of("room", *ROOMS), nullable=False),
        sa.Column("item_code", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 99", name=op.f("ck_renovation_need_quantity_is_believable")
        ),
        _to("renovation_need", "renovation_id", "renovation.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_need")),
        sa.UniqueConstraint("renovation_id", "room", "item_code", name="uq_renovation_need_once"),
    )


def _renovation_photo() -> None:
    op.create_table(
        "renovation_photo",
        _key(),
        sa.Column("renovation_id", sa.BigInteger(), nullable=False),
        sa.Column("phase", _one_of("photophase", "before", "after"), nullable=False),
        sa.Column("room", _one_of("room", *ROOMS), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("accuracy_m", sa.Integer(), nullable=False),
        sa.Column("like_file_id", sa.BigInteger(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "accuracy_m >= 0", name=op.f("ck_renovation_photo_accuracy_not_negative")
        ),
        sa.CheckConstraint(
            "x BETWEEN -180 AND 180 AND y BETWEEN -90 AND 90",
            name=op.f("ck_renovation_photo_place_on_earth"),
        ),
        _to("renovation_photo", "renovation_id", "renovation.id"),
        _to("renovation_photo", "file_id", "file.id"),
        _to("renovation_photo", "staff_id", "staff.id"),
        _to("renovation_photo", "like_file_id", "file.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_photo")),
        sa.UniqueConstraint("file_id", name=op.f("uq_renovation_photo_file_id")),
    )
    _index("ix_renovation_photo_renovation_id", ["renovation_id"], table="renovation_photo")


def _renovation_quote() -> None:
    op.create_table(
        "renovation_quote",
        _key(),
        sa.Column("renovation_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("state", _one_of("quotestate", "offered", "agreed", "declined"), nullable=False),
        sa.Column("tier", _one_of("hardshiptier", *TIERS), nullable=False),
        sa.Column("rate_percent", sa.Integer(), nullable=False),
        sa.Column("cap_fen", sa.Integer(), nullable=False),
        sa.Column("parameter_id", sa.BigInteger(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.Column("grant_fen", sa.Integer(), nullable=False),
        sa.Column("own_pay_fen", sa.Integer(), nullable=False),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "cost_fen > 0 AND 0 <= grant_fen AND 0 <= own_pay_fen"
            " AND cost_fen = grant_fen + own_pay_fen",
            name=op.f("ck_renovation_quote_parts_are_the_cost"),
        ),
        sa.CheckConstraint(
            "grant_fen <= cap_fen", name=op.f("ck_renovation_quote_grant_within_cap")
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (decided_at IS NULL)",
            name=op.f("ck_renovation_quote_decided_once"),
        ),
        _to("renovation_quote", "renovation_id", "renovation.id"),
        _to("renovation_quote", "site_id", "site.id"),
        _to("renovation_quote", "parameter_id", "parameter.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_quote")),
    )
    is_open = sa.text("state IN ('offered', 'agreed')")
    _index(
        "uq_renovation_quote_one_open",
        ["renovation_id"],
        table="renovation_quote",
        unique=True,
        postgresql_where=is_open,
    )
    _index("ix_renovation_quote_renovation_id", ["renovation_id"], table="renovation_quote")


def _renovation_quote_line() -> None:
    op.create_table(
        "renovation_quote_line",
        _key(),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("room", _one_of("room", *ROOMS), nullable=False),
        sa.Column("item_code", sa.String(length=40), nullable=False),
        sa.Column("item_name", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "price_fen > 0 AND quantity > 0", name=op.f("ck_renovation_quote_line_priced")
        ),
        sa.CheckConstraint(
            "sum_fen = price_fen * quantity",
            name=op.f("ck_renovation_quote_line_sum_is_price_times_quantity"),
        ),
        _to("renovation_quote_line", "quote_id", "renovation_quote.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_quote_line")),
        sa.UniqueConstraint("quote_id", "room", "item_code", name="uq_renovation_quote_line_once"),
    )


def _renovation_acceptance() -> None:
    op.create_table(
        "renovation_acceptance",
        _key(),
        sa.Column("renovation_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_renovation_acceptance_one_of_two")),
        _to("renovation_acceptance", "renovation_id", "renovation.id"),
        _to("renovation_acceptance", "staff_id", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_acceptance")),
    )
    counts = sa.text("superseded_at IS NULL")
    for name, column in (("two", "place"), ("different", "staff_id")):
        _index(
            f"uq_renovation_acceptance_{name}",
            ["renovation_id", column],
            table="renovation_acceptance",
            unique=True,
            postgresql_where=counts,
        )


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _to(table: str, column: str, there: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [there], name=op.f(f"fk_{table}_{column}"))


def _index(
    name: str,
    columns: list[str],
    *,
    table: str = "renovation",
    unique: bool = False,
    postgresql_where: sa.TextClause | None = None,
) -> None:
    op.create_index(name, table, columns, unique=unique, postgresql_where=postgresql_where)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
