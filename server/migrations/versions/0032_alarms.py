"""Calls for help from homes: what became of each, whom to call; devices that go to another home."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from server.migrations import sql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = ("sos", "fall", "smoke_gas", "vital_sign")
STATES = ("raised", "called", "acknowledged", "closed")
CALLEES = ("contact", "duty", "community", "emergency")


def upgrade() -> None:
    _findings()
    _files()
    _devices()
    _callees()
    _alarms()
    _signals()
    _steps()
    sql.execute("0032_alarms")


def _findings() -> None:
    name = op.f("ck_finding_findingkind")
    op.drop_constraint(name, "finding")
    kinds = (
        "meal_after_departure",
        "hardship_after_departure",
        "night_after_departure",
        "return_differs",
        "too_few_caregivers",
        "death_in_a_stay",
        "home_visits_overlap",
        "home_travel_too_fast",
        "home_visit_outside_fence",
        "home_visit_without_position",
        "home_photo_again",
        "home_visit_too_short",
        "home_day_too_long",
        "home_hours_shifted",
        "home_visit_after_departure",
        "home_visit_in_hospital",
        "home_visit_in_a_home",
        "home_bed_silent",
        "home_bed_unserved",
        "home_visit_back_filled",
        "home_visit_sent_late",
        "home_device_silent",
    )
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "finding", f"kind IN ({listed})")


def _files() -> None:
    op.drop_constraint(op.f("ck_file_filepurpose"), "file")
    purposes = "'resident_photo', 'site_photo', 'site_paper', 'visit_photo', 'device_photo'"
    op.create_check_constraint(op.f("ck_file_filepurpose"), "file", f"purpose IN ({purposes})")
    op.drop_constraint(op.f("ck_file_site_when_of_a_site"), "file")
    op.create_check_constraint(
        op.f("ck_file_site_when_of_a_site"),
        "file",
        "(purpose IN ('site_photo', 'site_paper', 'visit_photo', 'device_photo'))"
        " = (site_id IS NOT NULL)",
    )


def _devices() -> None:
    table = "care_device"
    op.add_column(table, sa.Column("moved_from_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_care_device_moved_from_id"), table, table, ["moved_from_id"], ["id"]
    )
    op.drop_constraint(op.f("uq_care_device_serial"), table)
    op.drop_constraint(op.f("uq_care_device_invoice_number_invoice_line"), table)
    bought = sa.text("moved_from_id IS NULL")
    here = sa.text("removed_on IS NULL")
    _unique("uq_care_device_serial", "serial", where=here)
    _unique("uq_care_device_bought", "serial", where=bought)
    line = ("invoice_number", "invoice_line")
    _unique("uq_care_device_invoice_number_invoice_line", *line, where=bought)
    _unique("uq_care_device_moved_from_id", "moved_from_id", where=None)
    op.create_check_constraint(
        op.f("ck_care_device_moved_costs_nothing"), table, "moved_from_id IS NULL OR price_fen = 0"
    )


def _unique(name: str, *columns: str, where: sa.TextClause | None) -> None:
    op.create_index(name, "care_device", list(columns), unique=True, postgresql_where=where)


def _callees() -> None:
    op.create_table(
        "home_callee",
        _key(),
        sa.Column("home_bed_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("calleekind", *CALLEES), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 9", name=op.f("ck_home_callee_place_is_small")),
        sa.CheckConstraint(
            "(kind = 'emergency') = (phone = '')", name=op.f("ck_home_callee_has_a_phone")
        ),
        _refers("home_callee", "home_bed_id", "home_bed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_callee")),
        sa.UniqueConstraint("home_bed_id", "place", name=op.f("uq_home_callee_home_bed_id_place")),
    )


def _alarms() -> None:
    table = "home_alarm"
    op.create_table(
        table,
        _key(),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("home_bed_id", "resident_id", "site_id", "device_id")
        ),
        sa.Column("kind", _one_of("alarmkind", *KINDS), nullable=False),
        sa.Column("state", _one_of("alarmstate", *STATES), nullable=False),
        _instant("happened_at"),
        _instant("raised_at"),
        sa.Column("signals", sa.Integer(), nullable=False),
        _instant("last_signal_at"),
        sa.Column("calls", sa.Integer(), nullable=False),
        _instant("next_at", nullable=True),
        _instant("acknowledged_at", nullable=True),
        sa.Column("acknowledged_by", sa.BigInteger(), nullable=True),
        _instant("closed_at", nullable=True),
        sa.Column(
            "outcome",
            _one_of("alarmoutcome", "false_alarm", "helped", "called_120"),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        *_rules_of_alarms(),
        _refers(table, "home_bed_id", "home_bed"),
        _refers(table, "resident_id", "resident"),
        _refers(table, "site_id", "site"),
        _refers(table, "device_id", "care_device"),
        _refers(table, "acknowledged_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_alarm")),
    )
    still_open = sa.text("state <> 'closed'")
    op.create_index(
        "uq_home_alarm_one_open", table, ["device_id", "kind"], unique=True,
        postgresql_where=still_open,
    )  # fmt: skip
    waits = sa.text("next_at IS NOT NULL")
    op.create_index("ix_home_alarm_next_at", table, ["next_at"], postgresql_where=waits)
    op.create_index("ix_home_alarm_open", table, ["site_id"], postgresql_where=still_open)
    op.create_index("ix_home_alarm_site_id", table, ["site_id", "raised_at"])
    op.create_index("ix_home_alarm_home_bed_id", table, ["home_bed_id"])
    op.create_index("ix_home_alarm_resident_id", table, ["resident_id"])


def _rules_of_alarms() -> list[sa.CheckConstraint]:
    rules = {
        "counts_are_believable": "signals > 0 AND calls >= 0",
        "acknowledged_is_whole": "(state IN ('acknowledged', 'closed'))"
        " = (acknowledged_at IS NOT NULL)"
        " AND (acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
        "closed_is_whole": "(state = 'closed') = (closed_at IS NOT NULL)"
        " AND (closed_at IS NULL) = (outcome IS NULL)",
        "nobody_is_called_in_hand": "next_at IS NULL OR acknowledged_at IS NULL",
        "closed_after_acknowledged": "closed_at >= acknowledged_at",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_home_alarm_{name}")) for name, rule in rules.items()
    ]


def _signals() -> None:
    table = "alarm_signal"
    op.create_table(
        table,
        _key(),
        sa.Column("alarm_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("kind", _one_of("alarmkind", *KINDS), nullable=False),
        _instant("at"),
        _instant("received_at"),
        _refers(table, "alarm_id", "home_alarm"),
        _refers(table, "device_id", "care_device"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_signal")),
        sa.UniqueConstraint(
            "device_id", "event_id", name=op.f("uq_alarm_signal_device_id_event_id")
        ),
    )
    op.create_index("ix_alarm_signal_alarm_id", table, ["alarm_id"])


def _steps() -> None:
    table = "alarm_step"
    op.create_table(
        table,
        _key(),
        sa.Column("alarm_id", sa.BigInteger(), nullable=False),
        sa.Column("state", _one_of("alarmstate", *STATES), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("at"),
        sa.Column("callee", _one_of("calleekind", *CALLEES), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(state = 'called') = (number > 0) AND (state = 'called') = (callee IS NOT NULL)",
            name=op.f("ck_alarm_step_calls_are_whole"),
        ),
        _refers(table, "alarm_id", "home_alarm"),
        _refers(table, "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_step")),
        sa.UniqueConstraint(
            "alarm_id", "state", "number", name=op.f("uq_alarm_step_alarm_id_state_number")
        ),
    )


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
