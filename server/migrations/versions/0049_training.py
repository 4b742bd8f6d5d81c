"""Courses: their sessions, who learns there, attendance, exams, certificates, subsidy, contests."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from server.migrations import sql
from server.migrations.columns import checks, chosen, key, may_refer, refers, text

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FINDINGS = ("trainee_on_shift", "trainee_served_elsewhere")
TAKES_PART = "state IN ('enrolled', 'waiting')"


def upgrade() -> None:
    _more_kinds("finding", "ck_finding_findingkind", "kind", FINDINGS)
    _course()
    _session()
    _meeting()
    _enrolment()
    _attendance()
    _exam()
    _certificate()
    _subsidy()
    _contest()
    _hours()
    sql.execute("0049_training")


def _more_kinds(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Let a list of values hold others at its end, whatever it holds by now."""
    asked = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"
    asked += " AND conrelid = CAST(:table AS regclass)"
    named = {"name": name, "table": table}
    known = re.findall(r"'(\w+)'", op.get_bind().execute(sa.text(asked), named).scalar_one())
    listed = ", ".join(f"'{each}'" for each in (*known, *values))
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, f"{column} IN ({listed})")


def _course() -> None:
    table = "course"
    op.create_table(
        table,
        key(),
        text("name", 100),
        chosen("kind", "coursekind", "skill", "family", "safety", "continuing", "other"),
        _number("level", nullable=True),
        _number("minutes"),
        _number("least_percent"),
        _flag("has_exam"),
        _number("pass_mark", nullable=True),
        _flag("gives_certificate"),
        text("issuer", 100),
        _number("cost_fen"),
        text("about", 400),
        *may_refer(table, site_id="site"),
        *_division(table),
        _flag("is_offered"),
        _moment("created_at"),
        *may_refer(table, created_by="staff"),
        *checks(
            table,
            five_levels="level BETWEEN 1 AND 5",
            a_skill_has_a_level="(kind = 'skill') = (level IS NOT NULL)",
            lasts_some_time="minutes BETWEEN 1 AND 60000",
            percent_of_its_hours="least_percent BETWEEN 0 AND 100",
            an_exam_has_a_mark="has_exam = (pass_mark IS NOT NULL)",
            mark_of_a_hundred="pass_mark BETWEEN 1 AND 100",
            cost_not_negative="cost_fen >= 0",
            issues_for_a_skill="issuer = '' OR kind = 'skill'",
        ),
        *_keys(table),
    )
    _index(table, "division_code")
    _index(table, "site_id")


def _session() -> None:
    table = "course_session"
    costs = ("teaching_fen", "venue_fen", "material_fen", "exam_fen")
    cancelled = (
        "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
        " AND (state = 'cancelled') = (cancel_reason <> '')"
    )
    op.create_table(
        table,
        key(),
        *refers(table, course_id="course"),
        *may_refer(table, site_id="site"),
        *_division(table),
        text("place", 120),
        text("teacher", 60),
        _number("capacity"),
        _number("enrolled"),
        _moment("enrol_until"),
        _moment("starts_at"),
        _moment("ends_at"),
        chosen("state", "sessionstate", "draft", "published", "cancelled"),
        _moment("cancelled_at", nullable=True),
        text("cancel_reason", 200),
        *map(_number, costs),
        _moment("created_at"),
        *may_refer(table, created_by="staff"),
        *checks(
            table,
            has_places="capacity BETWEEN 1 AND 1000",
            enrolled_not_negative="enrolled >= 0",
            enrolled_within_capacity="enrolled <= capacity",
            cancelled_for_a_reason=cancelled,
            costs_not_negative=f"least({', '.join(costs)}) >= 0",
        ),
        *_keys(table),
    )
    for columns in (("course_id",), ("site_id",), ("division_code", "starts_at"), ("starts_at",)):
        _index(table, *columns)


def _meeting() -> None:
    table = "course_meeting"
    op.create_table(
        table,
        key(),
        *refers(table, session_id="course_session"),
        _moment("starts_at"),
        _moment("ends_at"),
        _moment("closed_at", nullable=True),
        *checks(
            table,
            ends_after_start="ends_at > starts_at",
            within_a_day="ends_at <= starts_at + interval '12 hours'",
            closed_after_its_end="closed_at >= ends_at",
        ),
        *_keys(table, ("session_id", "starts_at")),
    )
    _index(table, "ends_at")


def _enrolment() -> None:
    table = "enrolment"
    relations = ("spouse", "child", "child_in_law", "grandchild", "other")
    carer = (
        "(account_id IS NULL) = (relation IS NULL) AND (account_id IS NULL) = (resident_id IS NULL)"
    )
    op.create_table(
        table,
        key(),
        *refers(table, session_id="course_session"),
        *may_refer(table, caregiver_id="caregiver", account_id="account", resident_id="resident"),
        text("name", 60),
        chosen("relation", "relation", *relations, nullable=True),
        chosen("state", "enrolmentstate", "enrolled", "waiting", "left", "removed"),
        _moment("joined_at"),
        _moment("moved_up_at", nullable=True),
        _moment("ended_at", nullable=True),
        *may_refer(table, enrolled_by="staff"),
        _number("wrong_codes"),
        *checks(
            table,
            one_person="num_nonnulls(caregiver_id, account_id) = 1",
            a_carer_looks_after_somebody=carer,
            ended_at_a_time=f"({TAKES_PART}) = (ended_at IS NULL)",
            wrong_codes_not_negative="wrong_codes >= 0",
        ),
        *_keys(table),
    )
    for name, column in {"one_caregiver": "caregiver_id", "one_carer": "account_id"}.items():
        op.create_index(
            f"uq_{table}_{name}", table, ["session_id", column],
            unique=True, postgresql_where=sa.text(TAKES_PART),
        )  # fmt: skip
    op.create_index(
        "ix_enrolment_line", table, ["session_id", "joined_at", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    for column in ("caregiver_id", "account_id", "session_id", "resident_id"):
        _index(table, column)


def _attendance() -> None:
    table = "course_attendance"
    op.create_table(
        table,
        *_part_of(table, enrolment_id="enrolment", meeting_id="course_meeting"),
        _moment("arrived_at"),
        _moment("left_at", nullable=True),
        _number("minutes"),
        chosen("signed_by", "signedby", "code", "list"),
        *may_refer(table, noted_by="staff"),
        *checks(
            table,
            left_after_arriving="left_at >= arrived_at",
            minutes_of_a_meeting="minutes BETWEEN 0 AND 720",
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "meeting_id", name=op.f(f"pk_{table}")),
    )
    _index(table, "meeting_id")


def _exam() -> None:
    table = "exam_result"
    op.create_table(
        table,
        key(),
        *refers(table, enrolment_id="enrolment"),
        _number("sitting_no"),
        sa.Column("sat_on", sa.Date(), nullable=False),
        _number("score"),
        _flag("is_passed"),
        *refers(table, entered_by="staff"),
        _moment("entered_at"),
        *may_refer(table, confirmed_by="staff"),
        _moment("confirmed_at", nullable=True),
        *checks(
            table,
            counted_from_one="sitting_no >= 1",
            score_of_a_hundred="score BETWEEN 0 AND 100",
            confirmed_whole="(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            confirmed_by_another="entered_by <> confirmed_by",
        ),
        *_keys(table, ("enrolment_id", "sitting_no")),
    )


def _certificate() -> None:
    table = "completion_certificate"
    op.create_table(
        table,
        key(),
        *refers(table, enrolment_id="enrolment"),
        text("number", 40),
        text("check_code", 32),
        sa.Column("issued_on", sa.Date(), nullable=False),
        *may_refer(table, issued_by="staff", skill_certificate_id="skill_certificate"),
        sa.Column("annulled_on", sa.Date(), nullable=True),
        text("annul_reason", 200),
        *checks(
            table,
            annulled_for_a_reason="(annulled_on IS NULL) = (annul_reason = '')",
            annulled_after_issue="annulled_on >= issued_on",
        ),
        *_keys(table, ("enrolment_id",), ("number",), ("check_code",)),
    )


def _subsidy() -> None:
    table = "training_subsidy"
    op.create_table(
        table,
        key(),
        *refers(table, enrolment_id="enrolment", session_id="course_session"),
        *may_refer(table, caregiver_id="caregiver"),
        *_division(table),
        _number("year"),
        text("scheme", 30),
        _number("amount_fen"),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("basis", sa.dialects.postgresql.JSONB(), nullable=False),
        _moment("frozen_at"),
        *may_refer(table, frozen_by="staff"),
        *checks(
            table,
            amount_not_negative="amount_fen >= 0",
            an_amount_or_reasons="(amount_fen > 0) = (cardinality(reasons) = 0)",
        ),
        *_keys(table, ("enrolment_id",)),
    )
    for columns in (("session_id",), ("caregiver_id",)):
        _index(table, *columns)
    op.create_index("ix_training_subsidy_year", table, ["year", "division_code"])


def _contest() -> None:
    table = "skills_contest"
    op.create_table(
        table,
        key(),
        text("name", 120),
        chosen("level", "contestlevel", "county", "city", "province"),
        *_division(table),
        sa.Column("held_on", sa.Date(), nullable=False),
        text("place", 120),
        text("organiser", 120),
        _moment("published_at", nullable=True),
        _moment("created_at"),
        *may_refer(table, created_by="staff"),
        *_keys(table),
    )
    op.create_index("ix_skills_contest_division_code", table, ["division_code", "held_on"])
    table = "contest_entrant"
    op.create_table(
        table,
        *_part_of(table, contest_id="skills_contest", caregiver_id="caregiver"),
        text("name", 60),
        text("site_name", 120),
        _number("score_hundredths", nullable=True),
        _number("rank", nullable=True),
        text("award", 60),
        *may_refer(table, entered_by="staff"),
        *checks(
            table,
            score_fits="score_hundredths BETWEEN 0 AND 100000",
            counted_from_one="rank >= 1",
            ranked_by_a_score="rank IS NULL OR score_hundredths IS NOT NULL",
        ),
        sa.PrimaryKeyConstraint("contest_id", "caregiver_id", name=op.f(f"pk_{table}")),
    )
    _index(table, "caregiver_id")


def _hours() -> None:
    """Minutes of a meeting count once for a person."""
    table = "continuing_education"
    op.add_column(table, sa.Column("meeting_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f(f"fk_{table}_meeting_id"), table, "course_meeting", ["meeting_id"], ["id"]
    )
    op.create_unique_constraint(
        op.f(f"uq_{table}_meeting_id_caregiver_id"), table, ["meeting_id", "caregiver_id"]
    )


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _division(table: str) -> list[SchemaItem]:
    return [
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f(f"fk_{table}_division_code")
        ),
    ]


def _part_of(table: str, **targets: str) -> list[SchemaItem]:
    """What a row belongs to, as the columns of its key."""
    items: list[SchemaItem] = []
    for column, target in targets.items():
        name = op.f(f"fk_{table}_{column}")
        items.append(sa.Column(column, sa.BigInteger(), autoincrement=False, nullable=False))
        items.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name))
    return items


def _keys(table: str, *unique: tuple[str, ...]) -> list[SchemaItem]:
    keys: list[SchemaItem] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    keys += [
        sa.UniqueConstraint(*each, name=op.f(f"uq_{table}_{'_'.join(each)}")) for each in unique
    ]
    return keys


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{columns[0]}", table, list(columns))


def downgrade() -> None:
    raise NotImplementedError("Steps only go forward; restore a backup to go back.")
