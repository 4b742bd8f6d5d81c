"""The privacy notice, separate consents and their texts; accounts that close, to be opened anew."""

import hashlib
from datetime import date
from pathlib import Path

import sqlalchemy as sa
import yaml
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = Path(__file__).parents[1] / "texts" / "0017_consent_texts.yaml"
PURPOSES = ("notice", "health", "location", "id_number")
WORDS = ("title", "summary", "stops", "body")


def upgrade() -> None:
    texts = _consent_texts()
    _consents()
    op.bulk_insert(texts, _first_texts())
    _accounts_anew()
    _helper_codes()
    sql.execute("0017_consents", "0017_accounts", "0017_retention", "0017_helper_codes")


def _consent_texts() -> sa.Table:
    return op.create_table(
        "consent_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purpose", _one_of("purpose", *PURPOSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("stops", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_consent_text_version_positive")),
        sa.CheckConstraint(
            "language IN ('zh-CN', 'en')", name=op.f("ck_consent_text_language_is_offered")
        ),
        sa.CheckConstraint(
            "digest = sha256(convert_to(title || chr(10) || summary || chr(10) || stops"
            " || chr(10) || body, 'UTF8'))",
            name=op.f("ck_consent_text_digest_is_of_the_words"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "purpose",
            "version",
            "language",
            name=op.f("uq_consent_text_purpose_version_language"),
        ),
        sa.UniqueConstraint("id", "purpose", name=op.f("uq_consent_text_id_purpose")),
    )


def _consents() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", _one_of("purpose", *PURPOSES), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("how", _one_of("givenhow", "app", "window", "paper"), nullable=False),
        sa.Column("given_by", _one_of("giver", "self", "helper", "guardian"), nullable=False),
        sa.Column("giver_name", sa.String(length=60), nullable=True),
        sa.Column("witness_name", sa.String(length=60), nullable=True),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column(
            "withdrawn_how", _one_of("withdrawnhow", "app", "window", "replaced"), nullable=True
        ),
        *_rules(),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_consent_resident_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_consent_recorded_by")),
        sa.ForeignKeyConstraint(
            ["text_id", "purpose"],
            ["consent_text.id", "consent_text.purpose"],
            name="fk_consent_text_of_purpose",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    for whose in ("account", "resident"):
        op.create_index(f"ix_consent_{whose}_id", "consent", [f"{whose}_id", "id"], unique=False)
        op.create_index(
            f"uq_consent_open_of_{whose}",
            "consent",
            [f"{whose}_id", "purpose"],
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )


def _accounts_anew() -> None:
    op.drop_constraint("uq_account_phone", "account", type_="unique")
    op.create_index(
        "uq_account_open_phone",
        "account",
        ["phone"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_check_constraint(
        op.f("ck_account_phone_until_closed"), "account", "phone <> '' OR closed_at IS NOT NULL"
    )


def _helper_codes() -> None:
    op.create_table(
        "helper_code",
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_helper_code_expires_after_made")),
        sa.CheckConstraint(
            "scopes <@ ARRAY['book_meals', 'see_visits', 'apply', 'see_health']",
            name=op.f("ck_helper_code_scopes_are_known"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_helper_code_resident_id")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_helper_code")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_helper_code_code_digest")),
    )


def _rules() -> list[sa.CheckConstraint]:
    rules = {
        "one_person": "num_nonnulls(account_id, resident_id) = 1",
        "separate_ones_of_a_resident": "purpose = 'notice' OR resident_id IS NOT NULL",
        "witness_unless_in_app": "(how = 'app') = (witness_name IS NULL)",
        "recorded_unless_in_app": "(how = 'app') = (recorded_by IS NULL)",
        "others_are_named": "(given_by = 'self') = (giver_name IS NULL)",
        "withdrawal_is_whole": "(withdrawn_at IS NULL) = (withdrawn_how IS NULL)",
        "withdrawn_after_given": "withdrawn_at >= given_at",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_consent_{name}")) for name, rule in rules.items()
    ]


def _first_texts() -> list[dict[str, object]]:
    found = yaml.safe_load(TEXTS.read_text("utf-8"))
    return [
        {
            "purpose": one["purpose"],
            "version": 1,
            "language": language,
            "valid_from": date(2024, 1, 1),
            "digest": hashlib.sha256(
                "\n".join(one[name][language] for name in WORDS).encode()
            ).digest(),
            **{name: one[name][language] for name in WORDS},
        }
        for one in found
        for language in ("zh-CN", "en")
    ]


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
