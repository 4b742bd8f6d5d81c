"""A month of 2,000 beds with twenty visits each: all cheating is found, at most 1 % falsely."""

import os

import psycopg
import pytest

from infra.bench.home_visits import fill, judge
from infra.database_roles import libpq_url
from server.db.cities import schema_of
from tests.cities import CITY

pytestmark = pytest.mark.soak

# A short soak tries one month of a quarter of the beds, a long one three months of all.
MONTHS, BEDS = (1, 500) if float(os.environ.get("SOAK_SECONDS", "600")) < 600 else (3, 2000)


@pytest.mark.parametrize("seed", range(1, MONTHS + 1))
def test_a_month_of_the_city(own_city, as_platform, seed):
    with psycopg.connect(libpq_url(own_city.superuser_url), autocommit=True) as connection:
        connection.execute(f"SET search_path TO {schema_of(CITY)}")
        month = fill(connection, beds=BEDS, share=0.03, seed=seed)

    verdict = judge(month)

    assert verdict.visits > BEDS * 19
    assert verdict.holds, str(verdict)
