"""Two months of every programme in a small city, paid to the fen; and the published figures."""

import psycopg
import pytest

from infra.bench.year_city import YearSize, write_year
from infra.bench.year_golden import VECTORS, reckon_vectors
from infra.bench.year_living import MONTHLY, Span, live
from infra.bench.year_proof import prove, table
from infra.database_roles import libpq_url
from server import clock
from server.db.cities import schema_of
from tests.cities import CITY

pytestmark = pytest.mark.long
SIZE = YearSize(elders=2_000, diners=100)


@pytest.fixture
def superuser(own_city):
    with psycopg.connect(libpq_url(own_city.superuser_url), autocommit=True) as connection:
        connection.execute(f"SET search_path TO {schema_of(CITY)}")
        yield connection


@pytest.fixture(autouse=True)
def _real_clock(monkeypatch):
    monkeypatch.setattr(clock, "SHIFT", clock.SHIFT)


@pytest.mark.nightly
def test_months_are_paid_to_the_fen_and_what_is_told_late_is_put_right(superuser, as_platform):
    write_year(superuser, SIZE, city=CITY)

    year = live(CITY, SIZE, claimants=1, span=Span(months=2, late_after=1))

    assert [proof for proof in prove(year, SIZE, seed=1) if not proof.holds] == []
    assert all(year.tallies[programme].runs == 2 for programme in MONTHLY)
    assert year.tallies["meals"].fen > 0
    assert year.paid.failed > 0
    assert "facility_operation" in table(year)


@pytest.mark.parametrize("pack", sorted({vector.pack for vector in VECTORS}))
def test_a_pack_comes_to_its_published_figures(superuser, as_platform, pack):
    vectors = [vector for vector in VECTORS if vector.pack == pack]

    proofs = reckon_vectors(superuser, vectors, city=CITY)

    assert [proof.found for proof in proofs] == [
        fen for vector in vectors for fen in (vector.fen, vector.fen)
    ]
