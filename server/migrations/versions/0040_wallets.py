"""A day's limit on what the city adds, elders' wallets at canteens, and the cash of the counter."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ACCOUNTS = ("cash", "receivable", "prepaid", "deposit", "income", "clearing")
POSTINGS = (
    "payment", "deposit", "bill", "settlement", "top_up", "meal", "refund", "reversal",
)  # fmt: skip
A_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _ledger()
    _booking()
    _wallet()
    _wallet_entry()
    _wallet_request()
    _cash_count()
    sql.execute("0040_wallets")


def _ledger() -> None:
    for table, name, values in (
        ("ledger_account", "accountkind", ACCOUNTS),
        ("ledger_posting", "postingkind", POSTINGS),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        listed = ", ".join(f"'{value}'" for value in values)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"kind IN ({listed})")


def _booking() -> None:
    op.add_column("booking", sa.Column("subsidy_day_fen", sa.Integer(), nullable=True))
    op.add_column("booking", sa.Column("paid_how", sa.String(length=30), nullable=True))
    op.add_column("booking", sa.Column("paid_at", A_MOMENT, nullable=True))
    op.add_column("booking", sa.Column("paid_to", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_booking_paid_to"), "booking", "staff", ["paid_to"], ["id"])
    op.create_index(
        "ix_booking_paid_in_cash",
        "booking",
        ["canteen_id", "paid_at"],
        postgresql_where=sa.text("paid_how = 'cash'"),
    )
    for name, condition in (
        ("paidhow", "paid_how IN ('wallet', 'cash', 'none')"),
        ("paid_somehow", "(paid_how IS NULL) = (paid_at IS NULL)"),
        ("nothing_to_pay", "paid_how <> 'none' OR own_pay_fen = 0"),
        ("subsidy_within_its_day", "subsidy_fen <= subsidy_day_fen"),
    ):
        op.create_check_constraint(op.f(f"ck_booking_{name}"), "booking", condition)


def _wallet() -> None:
    _table(
        "wallet",
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("balance_fen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("opened_at", A_MOMENT, nullable=False),
        _to("wallet", "site_id", "canteen.site_id"),
        _to("wallet", "resident_id", "resident.id"),
        _check("wallet", "never_below_nought", "balance_fen >= 0"),
        sa.UniqueConstraint("id", "site_id", name="uq_wallet_of_a_site"),
        sa.UniqueConstraint("site_id", "resident_id", name=op.f("uq_wallet_site_id_resident_id")),
    )
    op.create_index("ix_wallet_resident_id", "wallet", ["resident_id"])


def _wallet_entry() -> None:
    _table(
        "wallet_entry",
        sa.Column("wallet_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("move", sa.String(length=30), nullable=False),
        sa.Column("via", sa.String(length=30), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("balance_fen", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", A_MOMENT, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        *_entry_constraints(),
    )
    op.create_index("ix_wallet_entry_wallet_id", "wallet_entry", ["wallet_id", "id"])
    op.create_index("ix_wallet_entry_resident_id", "wallet_entry", ["resident_id"])
    op.create_index("ix_wallet_entry_site_id", "wallet_entry", ["site_id", "made_on"])
    op.create_index(
        "uq_wallet_entry_meal",
        "wallet_entry",
        ["booking_id", "turn"],
        unique=True,
        postgresql_where=sa.text("move = 'meal'"),
    )


def _entry_constraints() -> list[sa.Constraint]:
    table = "wallet_entry"
    fits = (
        "CASE move WHEN 'top_up' THEN amount_fen > 0 WHEN 'reversal' THEN true"
        " ELSE amount_fen < 0 END"
    )
    return [
        _of_wallet(table),
        _to(table, "resident_id", "resident.id"),
        _to(table, "booking_id", "booking.id"),
        _to(table, "reverses_id", "wallet_entry.id"),
        _to(table, "posting_id", "ledger_posting.id"),
        _to(table, "made_by", "staff.id"),
        sa.UniqueConstraint("posting_id", name=op.f("uq_wallet_entry_posting_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_wallet_entry_reverses_id")),
        _check(table, "walletmove", "move IN ('top_up', 'meal', 'refund', 'reversal')"),
        _check(table, "via", "via IN ('cash', 'provider', 'balance')"),
        _check(table, "amount_is_one", "amount_fen <> 0"),
        _check(table, "balance_not_negative", "balance_fen >= 0"),
        _check(table, "meal_names_its_booking", "(move = 'meal') <= (booking_id IS NOT NULL)"),
        _check(
            table, "reversal_names_its_entry", "(move = 'reversal') = (reverses_id IS NOT NULL)"
        ),
        _check(table, "amount_fits_its_move", fits),
    ]


def _wallet_request() -> None:
    _table(
        "wallet_request",
        sa.Column("wallet_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", A_MOMENT, nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", A_MOMENT, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        *_request_constraints(),
    )
    op.create_index("ix_wallet_request_wallet_id", "wallet_request", ["wallet_id"])
    op.create_index("ix_wallet_request_resident_id", "wallet_request", ["resident_id"])
    op.create_index("ix_wallet_request_site_id", "wallet_request", ["site_id", "state"])
    for name, column, condition in (
        ("one_refund", "wallet_id", "state = 'open' AND kind = 'refund'"),
        ("one_reversal", "entry_id", "state = 'open'"),
    ):
        op.create_index(
            f"uq_wallet_request_{name}",
            "wallet_request",
            [column],
            unique=True,
            postgresql_where=sa.text(condition),
        )


def _request_constraints() -> list[sa.Constraint]:
    table = "wallet_request"
    by_two = (
        "kind = 'refund' OR state NOT IN ('done', 'refused')"
        " OR (asked_by IS NOT NULL AND decided_by IS NOT NULL)"
    )
    return [
        _of_wallet(table),
        _to(table, "resident_id", "resident.id"),
        _to(table, "entry_id", "wallet_entry.id"),
        _to(table, "asked_by", "staff.id"),
        _to(table, "decided_by", "staff.id"),
        _check(table, "requestkind", "kind IN ('refund', 'reversal')"),
        _check(table, "requeststate", "state IN ('open', 'done', 'refused', 'withdrawn')"),
        _check(table, "not_decided_by_who_asked", "asked_by <> decided_by"),
        _check(table, "reversal_names_its_entry", "(kind = 'reversal') = (entry_id IS NOT NULL)"),
        _check(table, "reversed_for_a_reason", "kind = 'refund' OR reason <> ''"),
        _check(table, "decided_at_a_time", "(state = 'open') = (decided_at IS NULL)"),
        _check(table, "refused_for_a_reason", "state <> 'refused' OR note <> ''"),
        _check(table, "reversed_by_two_people", by_two),
    ]


def _cash_count() -> None:
    table = "cash_count"
    _table(
        table,
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("expected_fen", sa.Integer(), nullable=False),
        sa.Column("counted_fen", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("counted_by", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", A_MOMENT, nullable=False),
        _to(table, "site_id", "canteen.site_id"),
        _to(table, "counted_by", "staff.id"),
        sa.UniqueConstraint(
            "site_id", "day", "number", name=op.f("uq_cash_count_site_id_day_number")
        ),
        _check(table, "counted_not_negative", "counted_fen >= 0"),
        _check(table, "numbered_from_one", "number >= 1"),
        _check(table, "difference_is_explained", "counted_fen = expected_fen OR note <> ''"),
    )


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    number = sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)
    op.create_table(name, number, *parts, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _of_wallet(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["wallet_id", "site_id"], ["wallet.id", "wallet.site_id"], name=f"fk_{table}_wallet"
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
