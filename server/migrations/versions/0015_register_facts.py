"""Facts that rules ask for, other documents, contacts, and files with what is in them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RELATIONS = ("child", "spouse", "relative", "neighbour", "community", "other")
FOLD = "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'), resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"


def upgrade() -> None:
    _documents()
    _contacts()
    _hukou()
    _disability()
    _guardianship()
    _care_insurance()
    _payee_accounts()
    _files()
    sql.execute("0015_register_facts")
    sql.execute("0015_assessments_end")


def _documents() -> None:
    kinds = ("hong_kong_macau_permit", "taiwan_permit", "foreign_permanent", "passport")
    _of_residents(
        "identity_document",
        sa.Column("kind", _one_of("documentkind", *kinds), nullable=False),
        sa.Column("number_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("number_digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("number_digest", "kind", name="uq_identity_document_number"),
    )
    _index("identity_document")


def _contacts() -> None:
    _of_residents(
        "resident_contact",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("relation", _one_of("relation", *RELATIONS), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("call_order", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "call_order BETWEEN 1 AND 9", name=op.f("ck_resident_contact_order_is_small")
        ),
        sa.UniqueConstraint("resident_id", "phone", name="uq_resident_contact_phone"),
    )


def _hukou() -> None:
    kinds = ("unified", "agricultural", "non_agricultural")
    _one_a_day(
        "hukou",
        sa.Column("kind", _one_of("hukoukind", *kinds), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "(division_code IS NULL) = (place <> '')", name=op.f("ck_hukou_here_or_elsewhere")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_hukou_division_code")
        ),
    )


def _disability() -> None:
    categories = (
        "vision", "hearing", "speech", "physical", "intellectual", "mental", "multiple",
    )  # fmt: skip
    _one_a_day(
        "disability_certificate",
        sa.Column("category", _one_of("disabilitycategory", *categories), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("number_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("number_digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "grade BETWEEN 1 AND 4", name=op.f("ck_disability_certificate_grade_is_known")
        ),
        sa.CheckConstraint(
            "(number_cipher IS NULL) = (number_digest IS NULL)",
            name=op.f("ck_disability_certificate_number_is_whole"),
        ),
    )


def _guardianship() -> None:
    bases = ("statutory", "agreed", "appointed", "public")
    _one_a_day(
        "guardianship",
        sa.Column("incapacity", _one_of("incapacity", "limited", "none"), nullable=False),
        sa.Column("basis", _one_of("guardianbasis", *bases), nullable=False),
        sa.Column("guardian_name", sa.String(length=60), nullable=False),
        sa.Column("relation", _one_of("relation", *RELATIONS), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
    )


def _care_insurance() -> None:
    _one_a_day(
        "care_insurance",
        sa.Column("scheme", _one_of("carescheme", "employee", "urban_rural"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_care_insurance_level_is_known")),
    )


def _payee_accounts() -> None:
    _one_a_day(
        "payee_account",
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("account_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("account_digest", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("holder_name", sa.String(length=60), nullable=False),
        sa.Column("relation", _one_of("relation", *RELATIONS), nullable=True),
        sa.CheckConstraint(
            "last_four ~ '^[0-9]{4}$'", name=op.f("ck_payee_account_last_four_are_digits")
        ),
    )
    op.create_index("ix_payee_account_account_digest", "payee_account", ["account_digest"])


def _files() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", _one_of("filekind", "photo", "scan"), nullable=False),
        sa.Column("purpose", _one_of("filepurpose", "resident_photo"), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("perceptual_hash", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_act_id", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_file_sha256_is_whole")),
        sa.CheckConstraint("byte_count > 0", name=op.f("ck_file_is_not_empty")),
        sa.CheckConstraint("removed_at >= uploaded_at", name=op.f("ck_file_removed_after_upload")),
        sa.CheckConstraint(
            "purpose <> 'resident_photo' OR resident_id IS NOT NULL",
            name=op.f("ck_file_photo_is_of_somebody"),
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_file_resident_id")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_act_id"], ["act.id"], name=op.f("fk_file_uploaded_by_act_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    _index("file")
    op.create_index("ix_file_sha256", "file", ["sha256"])
    op.create_index(
        "uq_file_one_photo",
        "file",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("purpose = 'resident_photo' AND removed_at IS NULL"),
    )
    op.create_table(
        "file_content",
        sa.Column("file_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content_cipher", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_file_content_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_content")),
    )


def _one_a_day(table: str, *given: Any) -> None:
    """A period of a resident, at most one on any day."""
    _of_residents(
        table,
        *[one for one in given if isinstance(one, sa.Column)],
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        *[one for one in given if not isinstance(one, sa.Column)],
        sa.CheckConstraint("ends_on >= starts_on", name=op.f(f"ck_{table}_ends_not_before_start")),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name=op.f(f"ck_{table}_days_fit_the_fold"),
        ),
        postgresql.ExcludeConstraint(
            (sa.text(FOLD), "&&"), using="gist", name=f"ex_{table}_one_a_day"
        ),
    )
    _index(table)


def _of_residents(table: str, *given: Any) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        *given,
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f(f"fk_{table}_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _index(table: str, columns: Sequence[str] = ("resident_id",)) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
