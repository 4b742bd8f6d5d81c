"""Cases of a city's month as a run freezes them, and the bare amounts as one would write them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import psycopg

BASIS = {"document": "doc", "clause": "第一条", "from": "2020-01-01"}
WORDS = {"zh": "养老机构运营补贴", "en": "Operating subsidy of care homes"}
PROGRAMME: dict[str, Any] = {
    "programme": "facility_operation", "name": WORDS, "family": "facility_operation",
    "beneficiary": "resident", "payee": "site", "facts": "bed_months", "period": "month",
    "documents": {"doc": {"title": "标准"}}, "budget_line": "养老机构运营补贴",
    "conditions": [
        {"id": "in_bed", "fact": "days_in_bed", "is": {"at_least": 1}, **BASIS},
        {"id": "honest", "fact": "is_dishonest", "is": False, **BASIS},
    ],
    "amounts": {"tables": [{"id": "by_ability", "name": WORDS, "rows": [
        {"when": {"ability_level": "moderate"}, "fen": 20000, **BASIS},
        {"when": {"ability_level": ["severe", "total"]}, "fen": 30000, **BASIS},
        {"when": {"ability_level": "mild", "age": {"at_least": 80}}, "fen": 10000, **BASIS},
    ]}]},
    "counts": {"by": "by_day", "fact": "days_in_bed", **BASIS},
    "factors": [{"id": "star", "name": WORDS, "rows": [
        {"when": {"stars": stars}, "percent": 70 + 10 * stars, **BASIS} for stars in range(1, 6)
    ]}],
    "caps": [{"id": "month", "fen": 34000, **BASIS}],
}  # fmt: skip
WORLD = """
    INSERT INTO subsidy_family (code) VALUES ('facility_operation');
    INSERT INTO policy_pack (name, title_zh, title_en, content, digest, starts_on, state,
                             proposed_at, proposed_by, words, reopens)
    VALUES ('bench', '试', 'Trial', '{}', '', '2020-01-01', 'proposed', '2026-01-01', 1, '', false)
"""
VERSION = """
    INSERT INTO policy_version (pack_id, programme, programme_no, family_no, content, digest,
                                starts_on)
    SELECT p.id, 'facility_operation', 1, f.id, %(content)s::jsonb, %(digest)s, '2020-01-01'
      FROM policy_pack p, subsidy_family f
"""
RUN = """
    INSERT INTO subsidy_run (programme, version_id, family_no, kind, division_code, first_month,
                             months, stage, changes, facts, lines, refused, total_fen, made_at,
                             words)
    SELECT 'facility_operation', v.id, v.family_no, 'regular', '1405', '2026-01-01', 1, 'gathering',
           '{}', %(residents)s, 0, 0, 0, '2026-02-01', ''
      FROM policy_version v
    RETURNING id
"""
FACTS = """
    INSERT INTO subsidy_fact (run_id, number, beneficiary_id, resident_id, site_id, month, part,
                              on_day, subject, facts)
    SELECT %(run)s, n, n * 7, n * 7, 1 + n / 120, DATE '2026-01-01', 0, DATE '2026-01-31',
           'stay:' || n,
           jsonb_build_object(
               'age', 60 + n %% 41, 'is_local', true, 'has_payee', true,
               'ability_level',
               (ARRAY['intact', 'mild', 'moderate', 'severe', 'total'])[1 + n %% 5],
               'hardship_tier', (ARRAY['none', 'dibao', 'tekun'])[1 + n %% 3],
               'stars', (n / 120) %% 6, 'site_kind', 'care_home', 'is_non_profit', n %% 2 = 0,
               'is_dishonest', false, 'months_open', n %% 100, 'days_in_bed', 31 - n %% 7,
               'days_of_month', 31, 'days_on_leave', 0, 'months_in_bed', n %% 50,
               'bed_is_nursing', true, 'occupancy_percent', n %% 100)
      FROM generate_series(1, %(residents)s) AS n
"""
BARE = """
    INSERT INTO bare (run_id, number, family_no, beneficiary_id, resident_id, caregiver_id, site_id,
                      month, part, outcome, amount_fen, trace, holds)
    SELECT run_id, number, 1, beneficiary_id, resident_id, caregiver_id, site_id, month, part,
           CASE WHEN fen > 0 THEN 'due' ELSE 'refused' END, fen, '{}', 0
      FROM (SELECT f.*, CASE WHEN days < 1 OR dishonest OR raw IS NULL THEN 0
                             WHEN raw > 34000 THEN 34000 ELSE floor(raw + 0.5) END::bigint AS fen
              FROM (SELECT f.*, days * CASE WHEN ability IN ('severe', 'total') THEN 30000
                                            WHEN ability = 'moderate' THEN 20000
                                            WHEN ability = 'mild' AND age >= 80 THEN 10000 END
                                * CASE WHEN stars BETWEEN 1 AND 5 THEN 70 + 10 * stars END
                                / (100.0 * of_month) AS raw
                      FROM (SELECT f.*, facts ->> 'ability_level' AS ability,
                                   (facts ->> 'age')::int AS age, (facts ->> 'stars')::int AS stars,
                                   (facts ->> 'days_in_bed')::int AS days,
                                   (facts ->> 'days_of_month')::int AS of_month,
                                   (facts ->> 'is_dishonest')::boolean AS dishonest
                              FROM subsidy_fact f WHERE f.run_id = %(run)s) AS f) AS f) AS f
"""


def write_world(connection: psycopg.Connection) -> None:
    """Put the programme into force; the people who would have are left out."""
    content = json.dumps(PROGRAMME, ensure_ascii=False)
    given = {"content": content, "digest": sha256(content.encode()).digest()}
    with past_triggers(connection):
        connection.execute(WORLD.encode())
        connection.execute(VERSION.encode(), given)


def write_run(connection: psycopg.Connection, residents: int) -> int:
    """Write a run whose cases are frozen; returns its number."""
    with past_triggers(connection):
        found = connection.execute(RUN.encode(), {"residents": residents}).fetchone()
        assert found is not None, "an insert returns its row"
        connection.execute(FACTS.encode(), {"run": found[0], "residents": residents})
        connection.execute(b"UPDATE subsidy_run SET stage = 'computing'")
    connection.execute(b"VACUUM ANALYZE subsidy_fact")
    return int(found[0])


def make_bare_table(connection: psycopg.Connection) -> None:
    """Make a table with the columns, keys and indexes of the lines."""
    connection.execute(b"CREATE TABLE bare (LIKE subsidy_line INCLUDING ALL)")
    connection.execute(b"ALTER TABLE bare ADD FOREIGN KEY (run_id) REFERENCES subsidy_run (id)")
    connection.execute(b"ALTER TABLE bare ADD FOREIGN KEY (run_id, number) REFERENCES subsidy_fact")


def insert_bare(connection: psycopg.Connection, run_id: int) -> None:
    """Write the bare amounts of a run's cases by one statement."""
    connection.execute(BARE.encode(), {"run": run_id})


def total_of(connection: psycopg.Connection, table: str, run_id: int) -> tuple[Any, ...]:
    """Return how many lines a table has of the run, and what they come to."""
    asked = f"SELECT count(*), sum(amount_fen) FROM {table} WHERE run_id = %(run)s"
    found = connection.execute(asked.encode(), {"run": run_id}).fetchone()
    assert found is not None, "a sum is a row"
    return tuple(found)


@contextmanager
def past_triggers(connection: psycopg.Connection) -> Iterator[None]:
    """Let rows of a made-up past be written without asking who may."""
    connection.execute(b"SET session_replication_role = replica")
    yield
    connection.execute(b"RESET session_replication_role")
