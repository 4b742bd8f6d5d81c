"""The register of sites in full; double-entry accounts; contracts and bills of stays."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SERVICES = (
    "full_care", "day_care", "respite", "medical", "rehabilitation", "dementia", "hospice",
    "meals", "bathing", "home_visits", "care_insurance",
)  # fmt: skip
FOLD = (
    "int8range(site_id * 100000 + (starts_on - DATE '1900-01-01'),"
    " site_id * 100000 + (ends_on - DATE '1900-01-01'))"
)


def upgrade() -> None:
    _providers_and_sites()
    _files()
    _openings_and_papers()
    _stars()
    _prices_and_photos()
    _ledger()
    _entries()
    _contracts()
    sql.execute("0024_register_of_sites")
    sql.execute("0024_ledger")


def _providers_and_sites() -> None:
    credit = _one_of("creditstatus", "good", "watched", "dishonest")
    op.add_column("provider", sa.Column("credit_status", credit, nullable=True))
    op.add_column("site", sa.Column("inclusive_price_fen", sa.Integer(), nullable=True))
    services: sa.Column[Any] = sa.Column(
        "services", sa.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'::text[]")
    )
    op.add_column("site", services)
    op.create_check_constraint(
        op.f("ck_site_inclusive_price_not_negative"), "site", "inclusive_price_fen >= 0"
    )
    known = ", ".join(f"'{service}'" for service in SERVICES)
    op.create_check_constraint(
        op.f("ck_site_services_are_known"), "site", f"services <@ ARRAY[{known}]"
    )


def _files() -> None:
    op.drop_constraint(op.f("ck_file_filepurpose"), "file")
    purposes = "'resident_photo', 'site_photo', 'site_paper'"
    op.create_check_constraint(op.f("ck_file_filepurpose"), "file", f"purpose IN ({purposes})")
    op.add_column("file", sa.Column("site_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_file_site_id"), "file", "site", ["site_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_file_site_when_of_a_site"),
        "file",
        "(purpose IN ('site_photo', 'site_paper')) = (site_id IS NOT NULL)",
    )
    op.create_index("ix_file_site_id", "file", ["site_id"])


def _openings_and_papers() -> None:
    _of_a_site(
        "site_opening",
        sa.Column("state", _one_of("openingstate", "planned", "open", "suspended", "closed"),
                  nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("site_id", "starts_on", name=op.f("uq_site_opening_site_id_starts_on")),
    )  # fmt: skip
    kinds = (
        "registration", "filing", "fire", "food", "medical", "equipment", "liability", "other",
    )  # fmt: skip
    _of_a_site(
        "site_paper",
        sa.Column("kind", _one_of("paperkind", *kinds), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_site_paper_ends_after_start")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_site_paper_file_id")),
        sa.UniqueConstraint("site_id", "kind", "number", "starts_on", name="uq_site_paper_once"),
    )
    op.create_index("ix_site_paper_ends_on", "site_paper", ["ends_on"])


def _stars() -> None:
    _of_a_site(
        "site_star",
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_site_star_one_to_five")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_site_star_ends_after_start")),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name=op.f("ck_site_star_days_fit_the_fold"),
        ),
        postgresql.ExcludeConstraint(
            (sa.text(FOLD), "&&"), using="gist", name="ex_site_star_one_a_day"
        ),
    )


def _prices_and_photos() -> None:
    _of_a_site(
        "site_price",
        sa.Column("item", _one_of("priceitem", "bed", "nursing", "meals", "deposit"),
                  nullable=False),
        sa.Column("lowest_fen", sa.Integer(), nullable=False),
        sa.Column("highest_fen", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "0 <= lowest_fen AND lowest_fen <= highest_fen", name=op.f("ck_site_price_range_is_one")
        ),
        sa.UniqueConstraint(
            "site_id", "item", "starts_on", name=op.f("uq_site_price_site_id_item_starts_on")
        ),
    )  # fmt: skip
    _of_a_site(
        "site_photo",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("caption", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_site_photo_file_id")),
        sa.UniqueConstraint("file_id", name=op.f("uq_site_photo_file_id")),
    )
    op.create_index("ix_site_photo_site_id", "site_photo", ["site_id"])


def _ledger() -> None:
    kinds = ("cash", "receivable", "prepaid", "deposit", "income")
    _of_a_site(
        "ledger_account",
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("kind", _one_of("accountkind", *kinds), nullable=False),
        sa.UniqueConstraint("id", "site_id", name="uq_ledger_account_of_a_site"),
        sa.UniqueConstraint(
            "site_id", "subject", "kind", name=op.f("uq_ledger_account_site_id_subject_kind")
        ),
    )
    postings = ("payment", "deposit", "bill", "settlement")
    _of_a_site(
        "ledger_posting",
        sa.Column("kind", _one_of("postingkind", *postings), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.UniqueConstraint("id", "site_id", name="uq_ledger_posting_of_a_site"),
        sa.UniqueConstraint("reference", name=op.f("uq_ledger_posting_reference")),
    )


def _entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_ledger_entry_amount_is_one")),
        sa.ForeignKeyConstraint(
            ["posting_id", "site_id"],
            ["ledger_posting.id", "ledger_posting.site_id"],
            name="fk_ledger_entry_posting",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "site_id"],
            ["ledger_account.id", "ledger_account.site_id"],
            name="fk_ledger_entry_account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "posting_id", "account_id", name=op.f("uq_ledger_entry_posting_id_account_id")
        ),
    )
    op.create_index(op.f("ix_ledger_entry_account_id"), "ledger_entry", ["account_id"])
    op.create_index(op.f("ix_ledger_entry_site_id"), "ledger_entry", ["site_id"])


def _contracts() -> None:
    fees = ("bed_fen", "nursing_fen", "meals_fen", "other_fen", "deposit_fen")
    _of_a_stay(
        "contract",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        *(sa.Column(fee, sa.Integer(), nullable=False) for fee in fees),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_contract_ends_after_start")),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name=op.f("ck_contract_days_fit_the_fold"),
        ),
        sa.CheckConstraint(
            " AND ".join(f"{fee} >= 0" for fee in fees), name=op.f("ck_contract_fees_not_negative")
        ),
        postgresql.ExcludeConstraint(
            (sa.text(FOLD.replace("site_id", "stay_id")), "&&"),
            using="gist",
            name="ex_contract_one_a_night",
        ),
    )
    op.create_index("ix_contract_stay_id", "contract", ["stay_id", "starts_on"])
    _of_a_stay(
        "stay_bill",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=True),
        sa.Column("billed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("total_fen >= 0", name=op.f("ck_stay_bill_total_not_negative")),
        sa.CheckConstraint(
            "extract(day FROM month) = 1", name=op.f("ck_stay_bill_month_is_its_first_day")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["ledger_posting.id"], name=op.f("fk_stay_bill_posting_id")
        ),
        sa.UniqueConstraint("stay_id", "month", name=op.f("uq_stay_bill_stay_id_month")),
    )


def _of_a_site(table: str, *given: Any) -> None:
    _of("site", table, *given)


def _of_a_stay(table: str, *given: Any) -> None:
    _of("stay", table, *given)


def _of(owner: str, table: str, *given: Any) -> None:
    column = f"{owner}_id"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(column, sa.BigInteger(), nullable=False),
        *given,
        sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
