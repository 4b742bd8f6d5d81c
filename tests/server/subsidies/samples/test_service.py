"""A seed is bound before it is told, the lot falls once, and two hands say what a line was."""

from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.errors import NotFound
from server.subsidies.models import RunStage
from server.subsidies.samples import service
from server.subsidies.samples.errors import (
    ResultNeedsAnother,
    ResultsDiffer,
    ResultStands,
    RunIsNotReckoned,
    SampleIsDrawn,
    SeedIsAnother,
)
from tests.factories.people import make_sign_in, make_staff
from tests.factories.subsidies import make_run, move_run

SEED = "太行山上的雪 2026"


@pytest.fixture
def run(session):
    return make_run(session, [{"amount_fen": 1000 * number} for number in range(1, 11)])


@pytest.fixture
def sample(session, run):
    return service.bind(session, run.id, size=6, bands=3, seed=SEED)


def test_a_draw_is_the_same_again(session, sample):
    drawn = service.draw(session, sample.id, seed=SEED)

    assert [one.band for one in drawn] == [1, 1, 2, 2, 3, 3]
    assert (sample.population, sample.population_fen) == (10, 55000)
    assert service.verify(session, sample.id)


def test_another_seed_is_refused(session, sample):
    with pytest.raises(SeedIsAnother):
        service.draw(session, sample.id, seed=SEED + "!")
    assert not service.verify(session, sample.id)


def test_it_is_drawn_once(session, sample):
    service.draw(session, sample.id, seed=SEED)

    with pytest.raises(SampleIsDrawn):
        service.draw(session, sample.id, seed=SEED)
    with pytest.raises(DBAPIError, match="this stands"):
        session.execute(text("UPDATE audit_sample SET population = 3"))


def test_the_database_takes_no_seed_but_the_bound_one(session, sample):
    with pytest.raises(DBAPIError, match="seed_is_the_bound_one"):
        session.execute(
            text("UPDATE audit_sample SET seed = 'x', drawn_at = bound_at, population = 0,"
                 " population_fen = 0")
        )  # fmt: skip


def test_a_run_that_is_not_reckoned_is_not_drawn_from(session, run):
    move_run(session, run, RunStage.COMPUTING)

    with pytest.raises(RunIsNotReckoned):
        service.bind(session, run.id, size=6, bands=1, seed=SEED)
    with pytest.raises(NotFound):
        service.bind(session, 999, size=6, bands=1, seed=SEED)


class Hands:
    """Two auditors at work one after the other."""

    def __init__(self, session, division_code="1405"):
        tokens = []
        for _ in range(2):
            auditor = make_staff(session, "auditor", division_code=division_code)
            tokens.append(make_sign_in(session, staff=auditor))
        self.first, self.second = tokens

    @contextmanager
    def at_work(self, token):
        with acting(Act(Face.CONSOLE, "test", "r", token=token)), transaction() as session:
            yield session

    def enter(self, token, sample_id, number, fen):
        with self.at_work(token) as session:
            service.enter_result(session, sample_id, number, right_fen=fen, words="")


def test_who_sees_but_a_part_of_a_run_says_nothing_of_its_lot(session, run, sample):
    """An auditor of the next county, who knows the numbers of run, sample and line."""
    [first, *_] = service.draw(session, sample.id, seed=SEED)
    hands, run_id, number = Hands(session, "140521"), run.id, sample.id
    session.commit()

    with pytest.raises(NotFound):
        hands.enter(hands.first, number, first.number, 0)
    with hands.at_work(hands.first) as entered, pytest.raises(NotFound):
        service.bind(entered, run_id, size=6, bands=3, seed=SEED)


def test_two_hands_say_what_a_line_was(session, sample):
    [first, *rest] = service.draw(session, sample.id, seed=SEED)
    hands, number = Hands(session), sample.id
    session.commit()

    hands.enter(hands.first, number, first.number, 0)
    with pytest.raises(ResultNeedsAnother):
        hands.enter(hands.first, number, first.number, 0)
    with pytest.raises(ResultsDiffer):
        hands.enter(hands.second, number, first.number, 500)
    hands.enter(hands.second, number, first.number, 0)
    with pytest.raises(ResultStands):
        hands.enter(hands.first, number, first.number, 1)
    with pytest.raises(NotFound):
        hands.enter(hands.first, number, 999, 1)
    hands.enter(hands.first, number, rest[0].number, 7)

    session.expire_all()
    found = service.estimate(session, number)
    assert (found.looked_at, found.wrong) == (1, 1)
