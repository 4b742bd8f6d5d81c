"""Caregivers, where they work, what they learned, and when they were there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import SchemaItem

from server.migrations import sql
from server.migrations.columns import checks, chosen, key, may_refer, refers, text

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
POSTS = (
    "care", "nursing", "rehabilitation", "social_work", "assessment",
    "management", "finance", "personnel", "logistics",
)  # fmt: skip
LEAVING = (
    "resigned", "contract_ended", "transferred", "retired", "dismissed", "died", "other",
)  # fmt: skip
DAYS_FIT = "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')"


def upgrade() -> None:
    _caregiver()
    _education()
    _employment()
    _contract()
    _certificate()
    _attendance()
    _continuing_education()
    _breach()
    sql.execute("0047_caregivers")


def _caregiver() -> None:
    table = "caregiver"
    op.create_table(
        table,
        key(),
        text("name", 60),
        text("pinyin", 120),
        text("initials", 30),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_digest", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        text("language", 10),
        *refers(table, keeper_site_id="site"),
        *may_refer(table, account_id="account", staff_id="staff"),
        text("payee_bank", 60),
        sa.Column("payee_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("payee_digest", sa.LargeBinary(), nullable=True),
        sa.Column("registered_at", MOMENT, nullable=False),
        *may_refer(table, registered_by="staff"),
        *checks(table, payee_is_whole="num_nonnulls(payee_cipher, payee_digest) IN (0, 2)"),
        *_keys(table, "id_number_digest", "account_id", "staff_id"),
    )
    op.create_index("ix_caregiver_phone", table, ["phone"])
    op.create_index("ix_caregiver_keeper_site_id", table, ["keeper_site_id"])
    for column in ("name", "pinyin", "initials"):
        op.create_index(
            f"ix_caregiver_{column}", table, [column],
            postgresql_ops={column: "text_pattern_ops"},
        )  # fmt: skip


def _education() -> None:
    table = "caregiver_education"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver"),
        chosen("degree", "degree", "secondary", "college", "bachelor", "master"),
        text("school", 100),
        text("subject", 60),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        text("recognition", 60),
        sa.Column("recognised_on", sa.Date(), nullable=True),
        *may_refer(table, file_id="file"),
        *checks(table, recognition_is_whole="(recognised_on IS NULL) = (recognition = '')"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("caregiver_id", "degree", name=op.f(f"uq_{table}_caregiver_id_degree")),
    )


def _employment() -> None:
    table = "employment"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver", site_id="site"),
        chosen("post", "post", *POSTS),
        *_flags("is_front_line", "is_full_time", "on_establishment", "overlap_allowed"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        chosen("leaving_reason", "leavingreason", *LEAVING, nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *may_refer(table, recorded_by="staff"),
        *checks(
            table,
            ends_after_start="ends_on > starts_on",
            leaves_for_a_reason="(ends_on IS NULL) = (leaving_reason IS NULL)",
            days_fit_the_fold=DAYS_FIT,
        ),
        _apart(
            "ex_employment_one_full_time", "caregiver_id", "is_full_time AND NOT overlap_allowed"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_employment_caregiver_id", table, ["caregiver_id"])
    op.create_index("ix_employment_site_id", table, ["site_id", "ends_on"])


def _contract() -> None:
    table = "employment_contract"
    op.create_table(
        table,
        key(),
        *refers(table, employment_id="employment"),
        text("number", 60),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        chosen("insurance_payer", "insurancepayer", "employer", "dispatcher", "other", "nobody"),
        text("insurance_payer_name", 120),
        *may_refer(table, file_id="file"),
        *checks(table, ends_after_start="ends_on > starts_on", days_fit_the_fold=DAYS_FIT),
        _apart("ex_employment_contract_one_a_day", "employment_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "employment_id", "starts_on", name=op.f(f"uq_{table}_employment_id_starts_on")
        ),
    )


def _certificate() -> None:
    table = "skill_certificate"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver"),
        sa.Column("level", sa.Integer(), nullable=False),
        text("number", 40),
        text("issuer", 100),
        sa.Column("issued_on", sa.Date(), nullable=False),
        *(sa.Column(day, sa.Date(), nullable=True)
          for day in ("valid_until", "annulled_on", "verified_on")),
        text("check_code", 32),
        *may_refer(table, file_id="file"),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *checks(
            table,
            five_levels="level BETWEEN 1 AND 5",
            valid_after_issue="valid_until >= issued_on",
            annulled_after_issue="annulled_on >= issued_on",
        ),
        *_keys(table, "number", "check_code"),
    )  # fmt: skip
    op.create_index("ix_skill_certificate_caregiver_id", table, ["caregiver_id"])
    op.create_index("ix_skill_certificate_valid_until", table, ["valid_until"])


def _attendance() -> None:
    op.create_table(
        "attendance_day",
        *_of_both("attendance_day"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        *checks("attendance_day", left_after_arriving="left_at >= arrived_at"),
        sa.PrimaryKeyConstraint("caregiver_id", "site_id", "day", name=op.f("pk_attendance_day")),
    )
    table = "attendance_month"
    op.create_table(
        table,
        *_of_both(table),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        chosen("source", "attendancesource", "punched", "filed", "imported"),
        sa.Column("filed_at", MOMENT, nullable=False),
        *may_refer(table, filed_by="staff"),
        *checks(
            table,
            is_a_month="EXTRACT(day FROM month) = 1",
            days_of_a_month="days BETWEEN 0 AND 31",
        ),
        sa.PrimaryKeyConstraint("caregiver_id", "site_id", "month", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_attendance_month_site_id", table, ["site_id", "month"])


def _continuing_education() -> None:
    table = "continuing_education"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver"),
        sa.Column("attended_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        text("subject", 100),
        *may_refer(table, told_by="staff"),
        *checks(table, fits_a_day="minutes BETWEEN 1 AND 1440"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_continuing_education_caregiver_id", table, ["caregiver_id", "attended_on"])


def _breach() -> None:
    table = "caregiver_breach"
    op.create_table(
        table,
        key(),
        *refers(table, caregiver_id="caregiver"),
        *may_refer(table, site_id="site"),
        chosen("kind", "breachkind", "accident", "ethics"),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        text("document", 200),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *may_refer(table, recorded_by="staff"),
        *checks(table, cleared_after="cleared_on >= happened_on"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_caregiver_breach_caregiver_id", table, ["caregiver_id"])


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _of_both(table: str) -> list[SchemaItem]:
    """The caregiver and the site, as the first columns of a table's key."""
    items: list[SchemaItem] = []
    for column, target in {"caregiver_id": "caregiver", "site_id": "site"}.items():
        items.append(sa.Column(column, sa.BigInteger(), autoincrement=False, nullable=False))
        name = op.f(f"fk_{table}_{column}")
        items.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name))
    return items


def _apart(name: str, owner: str, where: str | None = None) -> ExcludeConstraint:
    days = (
        f"int8range({owner} * 100000 + (starts_on - DATE '1900-01-01'),"
        f" {owner} * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
    )
    condition = None if where is None else sa.text(where)
    return ExcludeConstraint((sa.text(days), "&&"), where=condition, name=name)


def _keys(table: str, *unique: str) -> list[SchemaItem]:
    keys: list[SchemaItem] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    keys += [sa.UniqueConstraint(each, name=op.f(f"uq_{table}_{each}")) for each in unique]
    return keys


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
