"""Second factors, one-time tickets, offices kept apart, sign-ins that idle out, and API keys.

Passwords move from `staff` into a table that row security closes; the old column stays, empty and
optional, so that a process of the step before still reads its rows. A later step drops it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.migrations import sql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_columns()
    _move_passwords()
    _make_doors()
    _make_keys()
    sql.execute("0012_context", "0012_duties", "0012_second_factor", "0012_rights")


def _add_columns() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("account", sa.Column("vouched_at", moment, nullable=True))
    op.add_column("staff", sa.Column("phone", sa.String(length=20), nullable=True))
    op.add_column("staff", sa.Column("code_needed_since", moment, nullable=True))
    op.add_column("sign_in", sa.Column("last_used_at", moment, nullable=True))
    op.add_column("sign_in", sa.Column("idle_seconds", sa.Integer(), nullable=True))
    op.add_column("sign_in", sa.Column("second_factor_at", moment, nullable=True))
    op.create_check_constraint(op.f("ck_sign_in_idle_positive"), "sign_in", "idle_seconds > 0")

    op.add_column("staff_role", sa.Column("given_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_staff_role_given_by"), "staff_role", "staff", ["given_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_staff_role_not_given_to_oneself"), "staff_role", "given_by <> staff_id"
    )
    op.drop_constraint("uq_staff_role_once", "staff_role")
    op.drop_constraint(op.f("ck_staff_role_ends_after_start"), "staff_role")
    op.create_check_constraint(
        op.f("ck_staff_role_not_ended_before_start"), "staff_role", "ends_on >= starts_on"
    )


def _move_passwords() -> None:
    op.create_table(
        "staff_password",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_password_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_password")),
    )
    op.execute(
        "INSERT INTO staff_password (staff_id, password_hash, changed_at)"
        " SELECT id, password_hash, transaction_timestamp() FROM staff"
    )
    op.alter_column("staff", "password_hash", nullable=True)
    op.execute("ALTER TABLE staff DISABLE TRIGGER trail")  # An empty column is nobody's act.
    op.execute("UPDATE staff SET password_hash = NULL")
    op.execute("ALTER TABLE staff ENABLE TRIGGER trail")


def _make_doors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_second_factor_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "staff_id", "code_digest", name=op.f("uq_recovery_code_staff_id_code_digest")
        ),
    )
    op.create_table(
        "staff_ticket",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "password_reset",
                "second_step",
                name="ticketpurpose",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_staff_ticket_expires_after_creation")
        ),
        sa.CheckConstraint(
            "given_by <> staff_id", name=op.f("ck_staff_ticket_not_given_to_oneself")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_staff_ticket_given_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_ticket_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_ticket")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_staff_ticket_token_digest")),
    )
    op.create_index(op.f("ix_staff_ticket_staff_id"), "staff_ticket", ["staff_id"], unique=False)


def _make_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rate_per_minute", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rate_per_minute > 0", name=op.f("ck_api_key_rate_positive")),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_api_key_expires_after_creation")
        ),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_api_key_scopes_named")),
        sa.CheckConstraint("cardinality(fields) > 0", name=op.f("ck_api_key_fields_named")),
        sa.ForeignKeyConstraint(["issued_by"], ["staff.id"], name=op.f("fk_api_key_issued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_api_key_token_digest")),
    )
    op.create_table(
        "api_call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("api_key_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("rows_returned", sa.Integer(), nullable=False),
        sa.CheckConstraint("rows_returned >= 0", name=op.f("ck_api_call_rows_not_negative")),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_api_call_api_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_call")),
    )
    op.create_index("ix_api_call_api_key_id", "api_call", ["api_key_id", "at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
