"""However many draw at one instant, the lot falls once; without its guard it falls again."""

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import acting
from server.subsidies.samples.service import bind, draw
from tests.concurrency.conftest import PLATFORM
from tests.concurrency.racing import as_owner, look, race
from tests.factories.subsidies import make_run

MANY, SEED = 8, "太行山上的雪二零二六年一月"
DRAWN = "SELECT count(*), count(DISTINCT number) FROM audit_sample_line"


@pytest.fixture
def sample_id(settle):
    def make(session):
        run = make_run(session, [{"amount_fen": 1000 * number} for number in range(1, 11)])
        return bind(session, run.id, size=6, bands=3, seed=SEED).id

    return settle(make)


def by_service(sample_id):
    @sessions.in_transaction
    def done(*, session):
        draw(session, sample_id, seed=SEED)
        return "drawn"

    with acting(PLATFORM):
        return done()


def past_the_service(sample_id):
    """As somebody would who forgot to look whether it is drawn."""

    @sessions.in_transaction
    def done(*, session):
        session.execute(
            text("UPDATE audit_sample SET seed = :seed, drawn_at = :at, population = 0,"
                 " population_fen = 0 WHERE id = :id"),
            {"seed": SEED, "at": clock.now(), "id": sample_id},
        )  # fmt: skip
        return "drawn"

    with acting(PLATFORM):
        return done()


def test_the_lot_falls_once(own_city, sample_id):
    assert race([sample_id] * MANY, by_service) == {"drawn": 1, "SampleIsDrawn": MANY - 1}
    assert look(own_city, DRAWN) == [(6, 6)]


def test_the_database_takes_one(own_city, sample_id):
    assert race([sample_id] * MANY, past_the_service) == {"drawn": 1, "IntegrityError": MANY - 1}


def test_without_its_guard_it_takes_all(own_city, sample_id):
    as_owner(own_city, "DROP TRIGGER drawn_once ON audit_sample")

    assert race([sample_id] * MANY, past_the_service) == {"drawn": MANY}
