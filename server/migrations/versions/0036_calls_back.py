"""Calls back by a sample anybody can draw again; complaints with a day; who accepts a bed."""

import hashlib
import re
from datetime import date
from pathlib import Path

import sqlalchemy as sa
import yaml
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TEXTS = Path(__file__).parents[1] / "texts" / "0036_home_care_consent.yaml"
WORDS = ("title", "summary", "stops", "body")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _one_more("finding", "ck_finding_findingkind", "kind", "home_call_contradicts")
    _one_more("home_bed", "ck_home_bed_homebedpause", "pause_reason", "no_consent")
    _one_more("consent", "ck_consent_purpose", "purpose", "home_care")
    _one_more("consent_text", "ck_consent_text_purpose", "purpose", "home_care")
    _home_care_texts()
    _samples()
    _calls()
    _tries()
    _wishes()
    op.add_column("home_bed", sa.Column("late_told_of", sa.Date(), nullable=True))
    sql.execute("0036_calls_back")


def _one_more(table: str, name: str, column: str, value: str) -> None:
    """Let a list of values hold another one at its end, whatever it holds by now."""
    kept = sa.text(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conname = :name AND conrelid = CAST(:table AS regclass)"
    )
    found = op.get_bind().execute(kept, {"name": name, "table": table}).scalar_one()
    values = [*re.findall(r"'([a-z0-9_]+)'", found), value]
    listed = ", ".join(f"'{one}'" for one in values)
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")


def _home_care_texts() -> None:
    names = ("purpose", "version", "language", *WORDS, "digest", "valid_from")
    table = sa.table("consent_text", *(sa.column(name) for name in names))
    op.bulk_insert(table, [_text(one) for one in yaml.safe_load(TEXTS.read_text())["texts"]])


def _text(given: dict[str, str]) -> dict[str, object]:
    words = {name: given[name].strip() for name in WORDS}
    digest = hashlib.sha256("\n".join(words[name] for name in WORDS).encode()).digest()
    fixed = {"purpose": "home_care", "version": 1, "valid_from": date(2020, 1, 1)}
    return {**fixed, "language": given["language"], **words, "digest": digest}


def _samples() -> None:
    op.create_table(
        "call_sample",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frame_digest", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("drawn_by", sa.BigInteger(), nullable=True),
        _rule("call_sample", "is_a_month", "EXTRACT(day FROM month) = 1"),
        _rule("call_sample", "seed_is_said", "length(seed) >= 4"),
        _rule("call_sample", "percent_is_a_share", "percent BETWEEN 1 AND 100"),
        _rule(
            "call_sample",
            "size_fits_the_frame",
            "0 < size AND providers <= size AND size <= population",
        ),
        _rule("call_sample", "digest_is_sha256", "length(frame_digest) = 32"),
        _refers("call_sample", "site_id", "site"),
        _refers("call_sample", "drawn_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_sample")),
    )
    for whose, columns, where in (
        ("county", ["month", "prefix"], "site_id IS NULL"),
        ("provider", ["month", "prefix", "site_id"], "site_id IS NOT NULL"),
    ):
        name = f"uq_call_sample_of_a_{whose}"
        where_text = sa.text(where)
        op.create_index(name, "call_sample", columns, unique=True, postgresql_where=where_text)


def _calls() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            _one_of("callstate", "waiting", "in_hand", "settled", "unreached"),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("again_at", MOMENT, nullable=True),
        sa.Column("held_by", sa.BigInteger(), nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("answers", postgresql.JSONB(), nullable=True),
        sa.Column(
            "result", _one_of("callresult", "agrees", "contradicts", "cannot_say"), nullable=True
        ),
        _rule("call_back", "counts_are_believable", "place > 0 AND tries >= 0"),
        _rule(
            "call_back",
            "in_somebodys_hands",
            "(state = 'in_hand') = (held_by IS NOT NULL)"
            " AND (held_by IS NULL) = (held_until IS NULL)",
        ),
        _rule("call_back", "settled_by_a_result", "(state = 'settled') = (result IS NOT NULL)"),
        _rule("call_back", "result_has_its_answers", "(result IS NULL) = (answers IS NULL)"),
        _refers("call_back", "sample_id", "call_sample"),
        _refers("call_back", "visit_id", "care_visit"),
        _refers("call_back", "resident_id", "resident"),
        _refers("call_back", "site_id", "site"),
        _refers("call_back", "held_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("sample_id", "visit_id", name=op.f("uq_call_back_sample_id_visit_id")),
        sa.UniqueConstraint("sample_id", "place", name=op.f("uq_call_back_sample_id_place")),
    )
    in_hand = sa.text("state = 'in_hand'")
    name = "uq_call_back_one_in_hand"
    op.create_index(name, "call_back", ["held_by"], unique=True, postgresql_where=in_hand)
    for column in ("resident_id", "site_id", "visit_id"):
        op.create_index(f"ix_call_back_{column}", "call_back", [column], unique=False)


def _tries() -> None:
    op.create_table(
        "call_try",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column(
            "outcome",
            _one_of("tryoutcome", "talked", "no_answer", "wrong_number", "put_back"),
            nullable=True,
        ),
        _rule("call_try", "number_counts", "number > 0"),
        _rule("call_try", "ended_with_an_outcome", "(outcome IS NULL) = (ended_at IS NULL)"),
        _refers("call_try", "call_id", "call_back"),
        _refers("call_try", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_try")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_call_try_call_id_number")),
    )


def _wishes() -> None:
    op.add_column("care_wish", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("care_wish", sa.Column("handed_at", MOMENT, nullable=True))
    op.add_column("care_wish", sa.Column("handed_by", sa.BigInteger(), nullable=True))
    op.add_column(
        "care_wish",
        sa.Column("handed_words", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column("care_wish", sa.Column("follows_id", sa.BigInteger(), nullable=True))
    for column, target in (("handed_by", "staff"), ("follows_id", "care_wish")):
        name = op.f(f"fk_care_wish_{column}")
        op.create_foreign_key(name, "care_wish", target, [column], ["id"])
    op.create_unique_constraint(op.f("uq_care_wish_follows_id"), "care_wish", ["follows_id"])
    op.create_check_constraint(
        op.f("ck_care_wish_handed_by_somebody"),
        "care_wish",
        "(handed_at IS NULL) = (handed_by IS NULL)",
    )
    op.create_index(
        "ix_care_wish_due_on",
        "care_wish",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
