"""A year of twenty programmes at five hundred homes, over half a million lines, in one look."""

import os
import time
from datetime import date

import psycopg
import pytest

from infra.database_roles import libpq_url
from server.db.cities import schema_of
from server.db.sessions import transaction
from server.subsidies.desk.queries import Looked, find_sites, find_totals
from tests.cities import CITY

pytestmark = pytest.mark.soak

# A short soak looks at a fifth of the lines.
OF_A_HOME = 5 if float(os.environ.get("SOAK_SECONDS", "600")) >= 60 else 1
PROGRAMMES, HOMES, MONTHS = 20, 500, 12
LINES_OF_A_RUN = HOMES * OF_A_HOME + 1
IN_A_SECOND = 1.0
YEAR = date(2026, 1, 1)
PLAIN = """
    INSERT INTO site (id, kind, name, division_code, address, opening_state, features)
    SELECT 100000 + n, 'care_home', '院' || n,
           (SELECT min(code) FROM division WHERE level = 'village'), '', 'open', '{}'
      FROM generate_series(1, %(homes)s) AS n;
    INSERT INTO policy_version (id, pack_id, programme, programme_no, family_no, content, digest,
                                starts_on)
    SELECT n, 1, 'programme_' || n, n, n, '{"name": {"zh": "甲", "en": "A"}}', '', '2020-01-01'
      FROM generate_series(1, %(programmes)s) AS n;
    INSERT INTO subsidy_run (id, programme, version_id, family_no, kind, division_code, first_month,
                             months, stage, changes, facts, lines, refused, total_fen, made_at,
                             words)
    SELECT p * 100 + m, 'programme_' || p, p, p, 'regular', '1405',
           (DATE '2026-01-01' + make_interval(months => m - 1))::date, 1, 'computing', '{}',
           %(lines)s, 0, 0, 0, make_date(2026, m, 20), ''
      FROM generate_series(1, %(programmes)s) AS p, generate_series(1, 12) AS m;
    INSERT INTO subsidy_line (run_id, number, family_no, beneficiary_id, site_id, month, part,
                              outcome, amount_fen, trace, holds)
    SELECT r.id, n, r.family_no, n, 100001 + n %% %(homes)s, r.first_month, 0, 'due', 100 + n %% 7,
           '{}', 0
      FROM subsidy_run r, generate_series(1, %(lines)s) AS n
"""
SLICES = """
    INSERT INTO subsidy_slice (run_id, number, first_no, last_no, lines, refused, total_fen,
                               facts_digest, lines_digest, done_at)
    SELECT id, 1, 1, lines_there, 0, 0, 0, '', '', made_at
      FROM subsidy_run, (SELECT %(lines)s AS lines_there) AS l
"""
DONE = "UPDATE subsidy_run SET stage = 'computed', computed_at = made_at + interval '1 day'"


@pytest.fixture
def year(own_city):
    told = {"homes": HOMES, "programmes": PROGRAMMES, "lines": LINES_OF_A_RUN}
    with psycopg.connect(libpq_url(own_city.superuser_url), autocommit=True) as connection:
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(f"SET search_path TO {schema_of(CITY)}")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(PLAIN, told)
        cursor.execute("ALTER TABLE subsidy_slice DISABLE TRIGGER trail")
        cursor.execute("RESET session_replication_role")
        cursor.execute(SLICES, told)
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(DONE)
        cursor.execute("ANALYZE")
        return cursor.execute("SELECT count(*), sum(amount_fen) FROM subsidy_line").fetchone()


def took(looked):
    """The quickest of three looks, and what the last one saw."""
    seconds = []
    for _ in range(3):
        with transaction(writes=False) as session:
            began = time.monotonic()
            rows = find_totals(session, looked)
            seconds.append(time.monotonic() - began)
    return min(seconds), rows


def test_the_overview_is_there_in_a_second(year, as_platform):
    lines, fen = year
    assert lines > PROGRAMMES * MONTHS * HOMES * OF_A_HOME

    now, rows = took(Looked(YEAR))
    assert len(rows) == PROGRAMMES * MONTHS
    assert sum(row.fen for row in rows) == fen
    then, known = took(Looked(YEAR, date(2026, 3, 31)))
    assert len(known) == PROGRAMMES * 3

    assert max(now, then) < IN_A_SECOND, f"{lines:,} lines: {now:.3f} s, as known {then:.3f} s"


def test_the_homes_of_a_programme_are_there_in_a_second(year, as_platform):
    with transaction(writes=False) as session:
        began = time.monotonic()
        rows = find_sites(session, Looked(YEAR), "programme_3", None)
        seconds = time.monotonic() - began

    assert len(rows) == HOMES
    assert seconds < IN_A_SECOND
