"""Inboxes, ways to a person beside text messages, how each ended, and lists of who is called."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from server.migrations import sql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHANNELS = ("inbox", "push", "email", "sms", "call")
STATUSES = (
    "waiting", "leased", "sent", "failed", "expired", "seen", "calling", "reached",
)  # fmt: skip


def upgrade() -> None:
    _message()
    _step()
    _of_people()
    _calls()
    op.create_table(
        "channel_state",
        _chosen("channel", "channel", *CHANNELS),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.Column("resting_until", MOMENT, nullable=True),
        _text("reason", 60),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_state")),
    )
    op.create_index("ix_staff_phone", "staff", ["phone"])
    sql.execute("0051_message_channels")


def _message() -> None:
    table = "message"
    for name, column, values in (
        ("channel", "channel", CHANNELS),
        ("messagestatus", "status", STATUSES),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        inside = ", ".join(f"'{value}'" for value in values)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({inside})")
    for column, target in {"account_id": "account", "staff_id": "staff"}.items():
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, target, [column], ["id"])
    op.add_column(table, sa.Column("division_code", sa.String(length=12), nullable=True))
    urgency = _chosen("urgency", "urgency", "normal", "urgent", server_default="normal")
    op.add_column(table, urgency)
    op.add_column(table, sa.Column("seen_at", MOMENT, nullable=True))
    op.drop_index("ix_message_remembered", table_name=table)
    _message_indexes(table)


def _message_indexes(table: str) -> None:
    remembered = (
        "status IN ('sent', 'failed', 'expired', 'seen', 'reached')"
        " AND facts_cipher <> '\\x'::bytea"
    )
    op.create_index(
        "ix_message_remembered", table, ["due_at", "id"], postgresql_where=sa.text(remembered)
    )
    for owner in ("account", "staff"):
        op.create_index(
            f"ix_message_of_{owner}", table, [f"{owner}_id", "id"],
            postgresql_where=sa.text(f"{owner}_id IS NOT NULL"),
        )  # fmt: skip
    op.create_index("ix_message_due", table, ["due_at", "id"])
    op.create_index(
        "ix_message_calling", table, ["division_code"],
        postgresql_where=sa.text("status = 'calling'"),
    )  # fmt: skip


def _step() -> None:
    table = "message_step"
    op.create_table(
        table,
        _key(),
        *_refers(table, message_id="message"),
        _chosen("channel", "channel", *CHANNELS),
        _chosen(
            "result", "stepresult", "sent", "delivered", "seen", "failed", "not_needed"
        ),
        sa.Column("ended_at", MOMENT, nullable=False),
        _text("reason", 60),
        _text("provider_id", 100),
        *_keys(table, ["message_id", "channel"]),
    )  # fmt: skip
    op.create_index("ix_message_step_ended_at", table, ["ended_at"])


def _of_people() -> None:
    table = "push_device"
    op.create_table(
        table,
        _key(),
        *_owners(table),
        _chosen("kind", "pushdevicekind", "fid", "token"),
        _text("value", 400),
        _chosen("platform", "platform", "web", "android", "ios"),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        *_keys(table, ["value"]),
    )
    for column in ("account_id", "staff_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    table = "message_opt_out"
    op.create_table(
        table,
        _key(),
        *_owners(table),
        _text("topic", 30),
        _chosen("channel", "channel", *CHANNELS),
        sa.Column("since", MOMENT, nullable=False),
        *_keys(table, ["account_id", "topic", "channel"], ["staff_id", "topic", "channel"]),
    )
    table = "staff_email"
    op.create_table(
        table,
        _key(),
        *_refers(table, staff_id="staff"),
        _text("address", 200),
        sa.Column("entered_at", MOMENT, nullable=False),
        *_keys(table, ["staff_id"]),
    )


def _calls() -> None:
    columns_of: dict[str, list[SchemaItem]] = {
        "message_call": [
            _chosen("outcome", "calloutcome", "reached", "not_reached", "wrong_number"),
            sa.Column("called_at", MOMENT, nullable=False),
        ],
        "message_opening": [
            _text("reason", 200),
            sa.Column("opened_at", MOMENT, nullable=False),
            sa.Column("expires_at", MOMENT, nullable=False),
        ],
    }
    for table, columns in columns_of.items():
        op.create_table(
            table,
            _key(),
            *_refers(table, message_id="message", staff_id="staff"),
            *columns,
            *_keys(table),
        )
        op.create_index(f"ix_{table}_message_id", table, ["message_id"])


def _owners(table: str) -> list[SchemaItem]:
    one = sa.CheckConstraint(
        "num_nonnulls(account_id, staff_id) = 1", name=op.f(f"ck_{table}_one_person")
    )
    return [*_refers(table, nullable=True, account_id="account", staff_id="staff"), one]


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, longest: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=longest), nullable=False)


def _chosen(
    column: str, name: str, *values: str, server_default: str | None = None
) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, nullable=False, server_default=server_default)


def _refers(table: str, *, nullable: bool = False, **targets: str) -> list[SchemaItem]:
    items: list[SchemaItem] = []
    for column, target in targets.items():
        items.append(sa.Column(column, sa.BigInteger(), nullable=nullable))
        name = op.f(f"fk_{table}_{column}")
        items.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name))
    return items


def _keys(table: str, *unique: list[str]) -> list[SchemaItem]:
    keys: list[SchemaItem] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    for columns in unique:
        name = op.f(f"uq_{table}_{'_'.join(columns)}")
        keys.append(sa.UniqueConstraint(*columns, name=name))
    return keys


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
