"""Looks into caregivers' files, scans they send, and sites that ask for another's people."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from server.migrations import sql
from server.migrations.columns import checks, chosen, key, refers

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PURPOSE = "caregiver_paper"
POSTS = (
    "care", "nursing", "rehabilitation", "social_work", "assessment",
    "management", "finance", "personnel", "logistics",
)  # fmt: skip
STATES = ("waiting", "confirmed", "refused")


def upgrade() -> None:
    _purpose()
    _opening()
    _proof()
    _takeover()
    sql.execute("0048_caregivers_at_work")


def _purpose() -> None:
    """Let files be for one thing more, whatever they are for by now."""
    known = _words_in("filepurpose")
    _again("filepurpose", f"purpose IN ({_listed(*known, PURPOSE)})")
    of_a_site = [one for one in _words_in("site_when_of_a_site") if one != "renovation_photo"]
    condition = f"(purpose IN ({_listed(*of_a_site, PURPOSE)})) = (site_id IS NOT NULL)"
    _again("site_when_of_a_site", f"{condition} OR purpose = 'renovation_photo'")


def _words_in(constraint: str) -> list[str]:
    asked = "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
    asked += f" WHERE conname = 'ck_file_{constraint}' AND conrelid = CAST('file' AS regclass)"
    return re.findall(r"'(\w+)'", op.get_bind().execute(sa.text(asked)).scalar_one())


def _again(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_file_{name}"), "file")
    op.create_check_constraint(op.f(f"ck_file_{name}"), "file", condition)


def _listed(*words: str) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _opening() -> None:
    table = "caregiver_opening"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver", staff_id="staff"),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        *checks(
            table,
            ends_after_start="expires_at > opened_at",
            reason_is_said="length(btrim(reason)) >= 2",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_caregiver_opening_caregiver_id", table, ["caregiver_id", "opened_at"])


def _proof() -> None:
    table = "caregiver_proof"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver", file_id="file"),
        chosen("kind", "proofkind", "certificate", "education"),
        sa.Column("sent_at", MOMENT, nullable=False),
        *_settled(table),
    )
    op.create_index("ix_caregiver_proof_caregiver_id", table, ["caregiver_id", "sent_at"])


def _takeover() -> None:
    table = "employment_takeover"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver", from_site_id="site", to_site_id="site"),
        chosen("post", "post", *POSTS),
        *(sa.Column(name, sa.Boolean(), nullable=False)
          for name in ("is_front_line", "is_full_time", "on_establishment")),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        *refers(table, nullable=True, asked_by="staff"),
        *_settled(table),
        *checks(table, goes_elsewhere="from_site_id <> to_site_id"),
    )  # fmt: skip
    op.create_index(
        "uq_employment_takeover_one_waiting", table, ["caregiver_id"], unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    for column in ("from_site_id", "to_site_id"):
        op.create_index(f"ix_employment_takeover_{column}", table, [column])


def _settled(table: str) -> list[SchemaItem]:
    return [
        chosen("state", "settled", *STATES),
        sa.Column("settled_at", MOMENT, nullable=True),
        *refers(table, nullable=True, settled_by="staff"),
        sa.Column("said", sa.String(length=200), nullable=False),
        *checks(table, settled_is_dated="(state = 'waiting') = (settled_at IS NULL)"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
