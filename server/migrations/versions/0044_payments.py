"""Payments by a provider, their refunds, notices and days; wallets paid in and back by them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

from server.migrations import sql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = "number ~ '^[0-9A-Z]{6,32}$'"
STATES = ("opened", "waiting", "paid", "refused", "expired", "returned")
VERDICTS = (
    "taken", "known", "forged", "stale", "replayed", "unknown", "wrong_amount", "other_payment",
)  # fmt: skip


def upgrade() -> None:
    _payment()
    _payment_refund()
    _payment_notice()
    _payment_day()
    sql.execute("0044_payments")


def _payment() -> None:
    op.create_table(
        "payment",
        _key(),
        sa.Column("number", sa.String(length=32), nullable=False),
        _chosen("purpose", "purpose", "wallet_top_up"),
        _chosen("provider", "providername", "sandbox"),
        *_refers("payment", site_id="site", resident_id="resident"),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        _chosen("state", "paymentstate", *STATES),
        sa.Column("pay_url", sa.String(length=500), nullable=False),
        *_refers("payment", nullable=True, asked_by="account"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("transaction_number", sa.String(length=64), nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("refunded_fen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed_for", sa.String(length=40), nullable=False),
        *_checks(
            "payment",
            amount_is_one="amount_fen > 0",
            number_is_plain=NUMBER,
            expires_afterwards="expires_at > asked_at",
            paid_by_a_transaction="(state IN ('paid', 'returned')) = (paid_at IS NOT NULL)"
            " AND (paid_at IS NULL) = (transaction_number = '')",
            refunded_within_amount="refunded_fen BETWEEN 0 AND amount_fen",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
    )
    op.create_index(
        "uq_payment_transaction",
        "payment",
        ["provider", "transaction_number"],
        unique=True,
        postgresql_where=sa.text("transaction_number <> ''"),
    )
    op.create_index(
        "ix_payment_unfinished",
        "payment",
        ["asked_at"],
        postgresql_where=sa.text("state IN ('opened', 'waiting')"),
    )
    op.create_index("ix_payment_paid_at", "payment", ["provider", "paid_at"])
    op.create_index("ix_payment_resident_id", "payment", ["resident_id", "id"])
    op.create_index("ix_payment_site_id", "payment", ["site_id", "id"])


def _payment_refund() -> None:
    op.create_table(
        "payment_refund",
        _key(),
        sa.Column("number", sa.String(length=32), nullable=False),
        *_refers("payment_refund", payment_id="payment"),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        _chosen("state", "refundstate", "asked", "done", "failed"),
        sa.Column("cause", sa.String(length=80), nullable=False),
        *_refers("payment_refund", nullable=True, asked_by="staff"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("provider_number", sa.String(length=64), nullable=False),
        *_checks(
            "payment_refund",
            amount_is_one="amount_fen > 0",
            number_is_plain=NUMBER,
            ended_at_a_time="(state = 'asked') = (ended_at IS NULL)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_refund")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_refund_number")),
    )
    op.create_index("ix_payment_refund_payment_id", "payment_refund", ["payment_id"])
    op.create_index(
        "ix_payment_refund_unfinished",
        "payment_refund",
        ["asked_at"],
        postgresql_where=sa.text("state = 'asked'"),
    )


def _payment_notice() -> None:
    op.create_table(
        "payment_notice",
        _key(),
        _chosen("provider", "providername", "sandbox"),
        *_refers("payment_notice", nullable=True, payment_id="payment"),
        _chosen("verdict", "verdict", *VERDICTS),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.String(length=1000), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        *_checks("payment_notice", digest_is_sha256="length(digest) = 32", came_once="times >= 1"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notice")),
        sa.UniqueConstraint("provider", "digest", name=op.f("uq_payment_notice_provider_digest")),
    )
    op.create_index(
        "uq_payment_notice_nonce",
        "payment_notice",
        ["provider", "nonce"],
        unique=True,
        postgresql_where=sa.text("nonce <> ''"),
    )
    op.create_index("ix_payment_notice_payment_id", "payment_notice", ["payment_id"])
    op.create_index("ix_payment_notice_received_at", "payment_notice", ["received_at"])


def _payment_day() -> None:
    op.create_table(
        "payment_day",
        _key(),
        _chosen("provider", "providername", "sandbox"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("our_count", sa.Integer(), nullable=False),
        sa.Column("our_fen", sa.Integer(), nullable=False),
        sa.Column("their_count", sa.Integer(), nullable=False),
        sa.Column("their_fen", sa.Integer(), nullable=False),
        sa.Column("differences", JSONB(), nullable=False),
        sa.Column("compared_at", MOMENT, nullable=False),
        *_checks("payment_day", numbered_from_one="number >= 1"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_day")),
        sa.UniqueConstraint(
            "provider", "day", "number", name=op.f("uq_payment_day_provider_day_number")
        ),
    )


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


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


def _checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in conditions.items()
    ]


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
