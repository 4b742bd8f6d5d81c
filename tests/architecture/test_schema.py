"""The migrated database is what the models say, and every change in it is written down."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from server.migrations.run import FOLDER, newest_step
from server.migrations.tables import metadata

CITY, SCRATCH = "city_1405", "models"
ONLY_SQL_KNOWS = {"context_secret", "alembic_version"}

CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE connamespace = CAST(:schema AS regnamespace) AND conrelid <> 0 AND contype <> 't'
"""
INDEXES = """
    SELECT tablename::text, indexname::text, replace(indexdef, ' ON ' || schemaname || '.', ' ON ')
      FROM pg_indexes WHERE schemaname = :schema
"""
COLUMNS = """
    SELECT a.attrelid::regclass::text, a.attname::text,
           format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
           || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
           || CASE a.attidentity WHEN '' THEN '' ELSE ' IDENTITY ' || a.attidentity::text END
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind = 'r'
       AND a.attnum > 0 AND NOT a.attisdropped
"""
OPTIONS = """
    SELECT relname::text, 'options', coalesce(array_to_string(reloptions, ','), '')
      FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind = 'r'
"""

# Tables whose changes leave no line, each with why.
WITHOUT_A_TRAIL = {
    "act": "the trail's own: who acted",
    "api_call": "a record itself: who asked for what with which key",
    "subsidy_sum": "sums that the sealing of slices keeps, which stand in the trail",
    "trail_entry": "the trail itself",
    "trail_seal": "the chain over the trail",
    "trail_anchor": "the heads of the chain",
    "alembic_version": "the schema's step",
    "consent_text": "published words, brought in by migrations alone",
    "care_service": "a published list, brought in by migrations alone",
    "helper_code": "lives for ten minutes; the grant it leads to is written down",
    "context_secret": "written by migrations alone",
    "board_version": "counts changes of tables that are written down themselves",
    "subsidy_fact": "frozen by the database, and digested slice by slice",
    "subsidy_line": "added once, and digested slice by slice",
    "subsidy_difference": "found anew at each look; what it leads to is a run of its own",
    "subsidy_payment_line": "added once, digested with its batch; let go by the payment's state",
    "contact": "copied from the account, whose changes are written down",
    "device_day": "counts of beats, one row a device and day; the device is written down",
    "dish": "a menu's words",
    "sitting_dish": "a menu's words; the sitting they belong to is written down",
    "division": "the state's own list, loaded as it is published",
    "file_content": "sealed bytes; the file they are in is written down with their hash",
    "idempotency_key": "answers kept for a day",
    "job_line": "the timetable read out; the code that it is in has a history of its own",
    "job_run": "the record of timed work",
    "meal_notice_read": "a mark of one's own that something was opened; nothing follows from it",
    "message": "a record itself, with its state and times",
    "message_step": "a record itself: how one way of a message ended",
    "channel_state": "how a provider does at the moment",
    "passkey_challenge": "lives for five minutes",
    "reminder": "a record itself: who was reminded of what, and when it was put right",
    "sign_in_code": "lives for five minutes",
    "throttle": "counts of tries",
    "meal_fact": "frozen in a slice; the settlement's own line holds the digest of all of it",
    "meal_settlement_line": "sums of frozen meals, held to them by the database",
}

# Sealed columns of followed tables without a digest to compare by, each with why.
WITHOUT_A_DIGEST: dict[tuple[str, str], str] = {
    ("meal_key", "private_digest"): "drawn at random; its public key says which it is",
    ("second_factor", "secret_digest"): "drawn at random; `begun_at` says when another was drawn",
}


@pytest.fixture
def owner(own_city):
    engine = create_engine(own_city.owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def read(connection, query, schema):
    """Return (table, name) → definition, written as if the schema were the only one."""
    connection.execute(text(f"SET search_path TO {schema}"))
    rows = connection.execute(text(query), {"schema": schema}).all()
    return {
        (table.removeprefix(f"{schema}."), name): definition
        for table, name, definition in rows
        if table not in ONLY_SQL_KNOWS
    }


def test_the_database_is_what_the_models_say(owner):
    owner.execute(text(f"CREATE SCHEMA {SCRATCH}"))
    owner.execute(text(f"SET search_path TO {SCRATCH}"))
    metadata.create_all(owner)

    for query in (CONSTRAINTS, INDEXES, COLUMNS, OPTIONS):
        migrated, modelled = (read(owner, query, schema) for schema in (CITY, SCRATCH))
        assert migrated
        assert migrated == modelled


def test_the_comparison_notices_a_missing_check(owner):
    """Alembic's own comparison would not."""
    owner.execute(text(f"SET search_path TO {CITY}"))
    before = read(owner, CONSTRAINTS, CITY)
    owner.execute(text("ALTER TABLE sitting DROP CONSTRAINT ck_sitting_booked_within_capacity"))
    owner.execute(
        text("ALTER TABLE hardship_period DROP CONSTRAINT ex_hardship_period_one_tier_a_day")
    )

    missing = before.keys() - read(owner, CONSTRAINTS, CITY).keys()

    assert missing == {
        ("sitting", "ck_sitting_booked_within_capacity"),
        ("hardship_period", "ex_hardship_period_one_tier_a_day"),
    }


def test_every_constraint_has_a_name_that_the_code_could_look_up(owner):
    found = read(owner, CONSTRAINTS, CITY)
    names = {name for (_, name), kind in found.items() if not kind.startswith("NOT NULL")}

    assert {name for name in names if not re.match(r"(pk|uq|fk|ck|ex)_", name)} == set()


def test_every_table_leaves_a_trail_or_says_why_not(owner):
    tables = set(
        owner.execute(
            text(
                "SELECT relname::text FROM pg_class"
                f" WHERE relnamespace = '{CITY}'::regnamespace AND relkind = 'r'"
            )
        ).scalars()
    )
    followed = dict(
        owner.execute(
            text(
                "SELECT relname::text, bool_and(tgenabled = 'O') FROM pg_trigger"
                " JOIN pg_class c ON c.oid = tgrelid"
                f" WHERE relnamespace = '{CITY}'::regnamespace AND tgname = 'trail' GROUP BY 1"
            )
        ).all()
    )

    assert all(followed.values())
    assert tables - followed.keys() == set(WITHOUT_A_TRAIL)


def test_what_is_sealed_stands_in_the_trail_as_its_keyed_digest_alone(owner):
    """A cipher differs each time it is written: the digest beside it says whether it changed."""
    hidden = {
        table: set(names.split(","))
        for table, names in owner.execute(
            text(
                "SELECT c.relname::text,"
                " coalesce((string_to_array(encode(tgargs, 'escape'), '\\000'))[2], '')"
                " FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
                f" WHERE relnamespace = '{CITY}'::regnamespace AND tgname = 'trail'"
            )
        ).all()
    }
    columns = {table: {column.name for column in metadata.tables[table].c} for table in hidden}
    ciphers = {
        (table, name) for table, names in columns.items() for name in names if "_cipher" in name
    }

    assert [one for one in sorted(ciphers) if one[1] not in hidden[one[0]]] == []
    digests = {(table, name.replace("_cipher", "_digest")) for table, name in ciphers}
    missing = {one for one in digests if one[1] not in columns[one[0]] - hidden[one[0]]}
    assert missing == set(WITHOUT_A_DIGEST)


def test_no_function_of_the_owner_can_be_bent_by_a_search_path(owner):
    unpinned = owner.execute(
        text(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'city_1405'::regnamespace"
            " AND prosecdef AND NOT coalesce(proconfig::text LIKE '%search_path=city_1405%', false)"
        )
    ).scalars()

    assert list(unpinned) == []


class TestTheSteps:
    """Migrations are one line of numbered files, and the head file names the last."""

    @pytest.fixture
    def steps(self):
        return sorted(path for path in (FOLDER / "versions").glob("[0-9]*.py"))

    def revisions(self, path: Path):
        source = path.read_text("utf-8")
        revision = re.search(r'^revision = "(\d+)"', source, re.MULTILINE)[1]
        down = re.search(r'^down_revision = (?:"(\d+)"|None)', source, re.MULTILINE)[1]
        return revision, down

    def test_they_are_numbered_without_a_gap(self, steps):
        numbers = [path.name.partition("_")[0] for path in steps]

        assert numbers == [f"{number:04d}" for number in range(1, len(steps) + 1)]

    def test_each_follows_the_one_before(self, steps):
        found = [self.revisions(path) for path in steps]

        assert [revision for revision, _ in found] == [path.name[:4] for path in steps]
        assert [down for _, down in found] == [None, *(path.name[:4] for path in steps[:-1])]

    def test_the_head_file_names_the_last(self, steps, owner):
        step = owner.execute(text(f"SELECT version_num FROM {CITY}.alembic_version")).scalar_one()

        assert newest_step() == step == steps[-1].name[:4]
