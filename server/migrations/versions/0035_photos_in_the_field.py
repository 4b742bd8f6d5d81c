"""Portraits of care workers, who may see the photo of a visit, and drafts that are taken back."""

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OF_A_SITE = ("site_photo", "site_paper", "visit_photo", "device_photo", "staff_photo")
PURPOSES = (
    "resident_photo",
    "site_photo",
    "site_paper",
    "visit_photo",
    "device_photo",
    "renovation_photo",
    "staff_photo",
)


def upgrade() -> None:
    _portraits()
    _drafts()
    sql.execute("0035_photos_in_the_field")


def _portraits() -> None:
    op.add_column("file", sa.Column("staff_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_file_staff_id"), "file", "staff", ["staff_id"], ["id"])
    _again("file", "ck_file_filepurpose", f"purpose IN ({_listed(PURPOSES)})")
    _again(
        "file",
        "ck_file_site_when_of_a_site",
        f"(purpose IN ({_listed(OF_A_SITE)})) = (site_id IS NOT NULL)"
        " OR purpose = 'renovation_photo'",
    )
    op.create_check_constraint(
        op.f("ck_file_portrait_is_of_somebody"),
        "file",
        "(purpose = 'staff_photo') = (staff_id IS NOT NULL)",
    )
    op.create_index(
        "uq_file_one_portrait",
        "file",
        ["staff_id"],
        unique=True,
        postgresql_where=sa.text("purpose = 'staff_photo' AND removed_at IS NULL"),
    )


def _drafts() -> None:
    states = _listed(("drafted", "agreed", "replaced", "declined", "withdrawn"))
    _again("care_plan", "ck_care_plan_planstate", f"state IN ({states})")


def _again(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, condition)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
