"""Every source of the vocabulary has its function, with its facts and nothing else."""

import pytest
from sqlalchemy import text

from server.policies.programmes.vocabulary import SOURCES

COLUMNS = ["beneficiary_id bigint", "resident_id bigint", "caregiver_id bigint", "site_id bigint",
           "month date", "part bigint", "on_day date", "subject text", "facts jsonb"]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_gives_these_columns(session, source):
    returned = text("SELECT pg_get_function_result(CAST(:name AS regproc))")
    told = session.execute(returned, {"name": f"facts_of_{source}"}).scalar_one()

    assert told == f"TABLE({', '.join(COLUMNS)})"


def test_no_source_is_left_that_no_policy_may_ask(session):
    named = text(
        "SELECT substr(proname, 10) FROM pg_proc WHERE pronamespace = 'city_1405'::regnamespace"
        " AND proname LIKE 'facts\\_of\\_%' AND pronargs = 2"
    )

    assert set(session.execute(named).scalars()) == set(SOURCES)
