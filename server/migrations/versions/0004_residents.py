"""The register, hardship, grants and care links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("pinyin", sa.String(length=120), nullable=False),
        sa.Column("initials", sa.String(length=30), nullable=False),
        sa.Column(
            "sex",
            sa.Enum(
                "female", "male", name="sex", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_digest", sa.LargeBinary(), nullable=True),
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("usual_canteen_id", sa.BigInteger(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("moved_away_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(id_number_cipher IS NULL) = (id_number_digest IS NULL)",
            name=op.f("ck_resident_id_number_is_whole"),
        ),
        sa.CheckConstraint("died_on >= born_on", name=op.f("ck_resident_died_after_birth")),
        sa.ForeignKeyConstraint(
            ["usual_canteen_id"], ["site.id"], name=op.f("fk_resident_usual_canteen_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["division.code"], name=op.f("fk_resident_village_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("id_number_digest", name=op.f("uq_resident_id_number_digest")),
    )
    op.create_index(
        "ix_resident_initials",
        "resident",
        ["initials"],
        unique=False,
        postgresql_ops={"initials": "text_pattern_ops"},
    )
    op.create_index(
        "ix_resident_name",
        "resident",
        ["name"],
        unique=False,
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_resident_phone"), "resident", ["phone"], unique=False)
    op.create_index(
        "ix_resident_pinyin",
        "resident",
        ["pinyin"],
        unique=False,
        postgresql_ops={"pinyin": "text_pattern_ops"},
    )
    op.create_index(
        "ix_resident_village_code",
        "resident",
        ["village_code"],
        unique=False,
        postgresql_ops={"village_code": "text_pattern_ops"},
    )
    op.create_table(
        "care_link",
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_care_link_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_link_resident_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_care_link_site_id")),
        sa.PrimaryKeyConstraint("resident_id", "site_id", name=op.f("pk_care_link")),
    )
    op.create_index(op.f("ix_care_link_site_id"), "care_link", ["site_id"], unique=False)
    op.create_table(
        "hardship_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "tekun",
                "tekun_in_care",
                "dibao",
                "dibian",
                "none",
                name="hardshiptier",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'), resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            using="gist",
            name="ex_hardship_period_one_tier_a_day",
        ),
        sa.CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name=op.f("ck_hardship_period_days_fit_the_fold"),
        ),
        sa.CheckConstraint("tier <> 'none'", name=op.f("ck_hardship_period_tier_is_a_hardship")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_hardship_period_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_hardship_period_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardship_period")),
    )
    op.create_index(
        op.f("ix_hardship_period_resident_id"), "hardship_period", ["resident_id"], unique=False
    )
    op.create_table(
        "resident_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "self",
                "helper",
                name="grantkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_resident_grant_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_resident_grant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_resident_grant_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_grant")),
        sa.UniqueConstraint(
            "account_id", "resident_id", "starts_on", name="uq_resident_grant_once"
        ),
    )
    op.create_index(
        op.f("ix_resident_grant_resident_id"), "resident_grant", ["resident_id"], unique=False
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
