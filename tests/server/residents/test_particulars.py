"""Who somebody is, put right: name, birth day and ID number, found by the new ones at once."""

from datetime import date

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import acting
from server.errors import NotFound
from server.people.errors import IdNumberUnusable
from server.residents import register, rules
from server.residents.errors import (
    AlreadyRegistered,
    BornAfterLeaving,
    IdNumberDisagrees,
    PersonIncomplete,
)
from server.residents.models import Sex
from server.residents.particulars import Particulars, correct_particulars
from tests.factories.assessments import Office
from tests.factories.people import an_id_number, make_resident
from tests.server.residents.facts.conftest import PLATFORM

BORN_ON = date(1944, 5, 6)
WRONG, RIGHT = an_id_number(901, BORN_ON), an_id_number(903, date(1943, 2, 1))


class Home:
    def __init__(self, session):
        self.mother = make_resident(session, name="李秀莹", id_number=WRONG).id
        self.office = Office(session)
        self.elsewhere = Office(session, division_code="140521")

    def correct(self, **right):
        with self.office.at_work() as session:
            correct_particulars(session, self.mother, Particulars(**{"name": "李秀英"} | right))

    def found_by(self, typed):
        with self.office.at_work(writes=False) as session:
            return [row.id for row in register.search(session, rules.read_search(typed))]

    def person(self):
        with self.office.at_work(writes=False) as session:
            return register.get_person(session, self.mother)


@pytest.fixture
def home(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Home(session)


def another(**given):
    with acting(PLATFORM), sessions.transaction() as session:
        return make_resident(session, **given).id


def test_she_is_found_by_what_is_right_and_no_longer_by_what_was_wrong(home):
    home.correct(id_number=RIGHT)

    assert home.found_by(RIGHT) == home.found_by("lixiuying") == [home.mother]
    assert home.found_by(WRONG) == []
    assert (home.person().sex, home.person().born_on) == rules.told_by_id_number(RIGHT)


def test_a_number_in_the_wrong_file_is_taken_out(home):
    home.correct(sex=Sex.FEMALE, born_on=BORN_ON)

    assert home.found_by(WRONG) == []
    assert home.person().id_number_cipher is None


def test_the_number_of_somebody_else_is_refused(home):
    another(id_number=RIGHT)

    with pytest.raises(AlreadyRegistered):
        home.correct(id_number=RIGHT)


@pytest.mark.parametrize(
    ("right", "refusal"),
    [
        ({"id_number": "110105194912310021"}, IdNumberUnusable),
        ({"id_number": RIGHT, "born_on": BORN_ON}, IdNumberDisagrees),
        ({"sex": Sex.FEMALE}, PersonIncomplete),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(home, right, refusal):
    with pytest.raises(refusal):
        home.correct(**right)

    assert (home.person().name, home.found_by(WRONG)) == ("李秀莹", [home.mother])


def test_nobody_dies_before_their_birth(home):
    with acting(PLATFORM), sessions.transaction() as session:
        session.execute(text("UPDATE resident SET died_on = '1945-01-01'"))

    with pytest.raises(BornAfterLeaving):
        home.correct(sex=Sex.FEMALE, born_on=date(1946, 1, 1))


def test_another_county_puts_nobody_right(home):
    with home.elsewhere.at_work() as session, pytest.raises(NotFound):
        correct_particulars(session, home.mother, Particulars("李秀英", RIGHT))


def test_whoever_looks_the_same_afterwards_is_put_down(home):
    other = another(name="李秀英", id_number=None, born_on=BORN_ON)

    home.correct(id_number=WRONG)

    with acting(PLATFORM), sessions.transaction() as session:
        pairs = session.execute(text("SELECT one_id, other_id FROM possible_duplicate")).all()
    assert pairs == [(home.mother, other)]
