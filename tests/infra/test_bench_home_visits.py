"""A made-up month with cheating in it: everything planted is found, and hardly anybody else."""

import psycopg
import pytest

from infra.bench.home_visits import MOST_FALSE, fill, judge
from infra.database_roles import libpq_url
from server.db.cities import schema_of
from server.homecare.checks.checks import CHECKS
from tests.cities import CITY


@pytest.fixture
def superuser(own_city):
    with psycopg.connect(libpq_url(own_city.superuser_url), autocommit=True) as connection:
        connection.execute(f"SET search_path TO {schema_of(CITY)}")
        yield connection


def test_every_planted_case_of_every_kind_is_found(superuser, as_platform):
    month = fill(superuser, beds=120, share=0.06, seed=7)

    verdict = judge(month)

    assert set(month.planted) == {check.kind.value for check in CHECKS}
    assert [
        (one.name, one.planted - one.found) for one in verdict.outcomes if one.planted != one.found
    ] == []
    assert verdict.false_share <= MOST_FALSE


def test_an_honest_month_is_left_in_peace(superuser, as_platform):
    month = fill(superuser, beds=60, share=0.001, seed=8)

    assert len(month.visits) > 1000
    assert judge(month).total("false") <= 1
