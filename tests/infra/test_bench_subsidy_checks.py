"""A made-up city with every kind of fault in it: all are found, and hardly anybody else."""

import psycopg
import pytest

from infra.bench.subsidy_checks import MOST_FALSE, fill, holds, judge, tell
from infra.database_roles import libpq_url
from server.db.cities import schema_of
from server.subsidies.checks.checks import CHECKS
from tests.cities import CITY

pytestmark = pytest.mark.long


@pytest.fixture
def superuser(own_city):
    with psycopg.connect(libpq_url(own_city.superuser_url), autocommit=True) as connection:
        connection.execute(f"SET search_path TO {schema_of(CITY)}")
        yield connection


def test_every_planted_line_of_every_kind_is_named(superuser, as_platform, capsys):
    labels, lines = fill(superuser, people=4000)

    outcomes = [judge(check, labels) for check in CHECKS]

    assert set(labels) == {check.name for check in CHECKS}
    missed = {one.name: one.planted - one.found for one in outcomes if one.found != one.planted}
    assert missed == {}
    assert len(set().union(*(one.false for one in outcomes))) <= MOST_FALSE * lines
    assert holds(outcomes, lines)
    assert tell(outcomes, lines)
    assert f"of {lines:,} lines" in capsys.readouterr().out
