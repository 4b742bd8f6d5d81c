"""Runs whose cases are frozen, before anything is reckoned."""

import json

from sqlalchemy import insert, text

from server import clock
from server.db.engines import make_owner_engine
from server.db.tables import table_of
from server.identity.models import Role
from server.subsidies.models import RunKind, RunStage, SubsidyFact, SubsidyRun
from server.subsidies.reckoning import service
from tests.cities import CITY
from tests.factories.people import make_staff
from tests.factories.subsidies import JANUARY, make_version, move_run

FULL = {"days_in_bed": 31, "days_of_month": 31, "ability_level": "severe", "stars": 3}


def make_cases(session, cases=None, *, version=None, kind=RunKind.REGULAR, **given):
    """A run that is to be reckoned: `cases` are what differs of each, numbered from 1."""
    version = version or make_version(session)
    values = {
        "programme": version.programme, "version_id": version.id, "family_no": version.family_no,
        "kind": kind, "division_code": "1405", "first_month": JANUARY, "months": 1,
        "stage": RunStage.GATHERING, "changes": {}, "made_at": clock.now(),
        "made_by": make_staff(session, Role.CITY_OFFICER, division_code="1405").id,
    }  # fmt: skip
    run = SubsidyRun(**values | given)
    session.add(run)
    session.flush()
    rows = [frozen(run, no, one) for no, one in enumerate([{}] if cases is None else cases, 1)]
    if rows:
        session.execute(insert(table_of(SubsidyFact)), rows)
    run.facts = len(rows)
    session.flush()
    return move_run(session, run, RunStage.COMPUTING)


def frozen(run, number, given):
    """A case as a row."""
    month = given.get("month", run.first_month)
    row = {
        "run_id": run.id, "number": number, "beneficiary_id": number, "resident_id": None,
        "caregiver_id": None, "site_id": 1, "month": month, "part": 0,
        "on_day": month.replace(day=28), "subject": "stay:1", "facts": FULL,
    }  # fmt: skip
    return row | given


def give_facts(database, source, rows):
    """Let a source of facts give these rows: (beneficiary, site, month, facts) each."""
    values = ", ".join(
        f"({beneficiary}, {site}, DATE '{month}', '{json.dumps(facts)}'::jsonb)"
        for beneficiary, site, month, facts in rows
    )
    give_function(database, source, f"(VALUES {values}) AS v (b, s, m, f)")


def give_function(database, source, cases):
    """Let a source of facts give the rows `v (b, s, m, f)` of a piece of SQL."""
    owner = make_owner_engine(database.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path TO city_{CITY}"))
        connection.exec_driver_sql(f"""
            CREATE OR REPLACE FUNCTION facts_of_{source}(p_first date, p_until date)
            RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint,
                site_id bigint, month date, part bigint, on_day date, subject text, facts jsonb)
            LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
                SELECT v.b::bigint, v.b::bigint, NULL::bigint, v.s::bigint, v.m, 0::bigint,
                       (v.m + interval '1 month' - interval '1 day')::date, 'stay:' || v.b, v.f
                  FROM {cases}
                 WHERE v.m >= p_first AND v.m < p_until $$
            """)
    owner.dispose()


def reckon_all(session, run, *, slice_size=50_000):
    """Go on with a run to its end."""
    while service.go_on(session, run.id, slice_size=slice_size):
        pass
    session.refresh(run)
    return run
