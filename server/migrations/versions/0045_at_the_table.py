"""Photos of dishes, samples and what was handed over at a door; where a resident's home is."""

import re

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

PURPOSES = ("dish_photo", "sample_photo", "drop_photo")
OF_A_SITE = ("site_photo", "site_paper", "visit_photo", "device_photo", "staff_photo")
WITH_A_PHOTO = ("dish", "food_sample", "meal_drop")


def upgrade() -> None:
    _purposes()
    for table in WITH_A_PHOTO:
        op.add_column(table, sa.Column("photo_file_id", sa.BigInteger(), nullable=True))
        name = op.f(f"fk_{table}_photo_file_id")
        op.create_foreign_key(name, table, "file", ["photo_file_id"], ["id"])
    _homes()
    sql.execute("0045_at_the_table")


def _purposes() -> None:
    """Let files be for more, whatever they are for by now."""
    asked = "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
    asked += " WHERE conname = 'ck_file_filepurpose' AND conrelid = CAST('file' AS regclass)"
    known = re.findall(r"'(\w+)'", op.get_bind().execute(sa.text(asked)).scalar_one())
    _again("filepurpose", f"purpose IN ({_listed(*known, *PURPOSES)})")
    of_a_site = f"(purpose IN ({_listed(*OF_A_SITE, *PURPOSES)})) = (site_id IS NOT NULL)"
    _again("site_when_of_a_site", f"{of_a_site} OR purpose = 'renovation_photo'")


def _again(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_file_{name}"), "file")
    op.create_check_constraint(op.f(f"ck_file_{name}"), "file", condition)


def _listed(*words: str) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _homes() -> None:
    for column in ("home_x", "home_y"):
        op.add_column("resident", sa.Column(column, sa.Float(), nullable=True))
    op.create_check_constraint(
        op.f("ck_resident_home_is_whole"), "resident", "(home_x IS NULL) = (home_y IS NULL)"
    )


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
