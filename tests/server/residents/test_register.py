"""Search, likenesses and reach, at the level of the queries."""

import pytest
from sqlalchemy import true

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import NotFound
from server.residents import register, rules
from tests.cities import NEIGHBOUR_VILLAGE, OTHER_COUNTY_VILLAGE
from tests.factories.people import an_id_number, make_resident, make_sign_in, make_staff

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


class Town:
    """People of two counties, and an officer of one of them."""

    def __init__(self, session):
        self.mother = make_resident(
            session, name="李秀英", phone="+8613912340001", id_number=an_id_number(777)
        ).id
        self.neighbour = make_resident(session, name="李秀兰", village_code=NEIGHBOUR_VILLAGE).id
        self.stranger = make_resident(
            session, name="李秀英", phone="+8613912340009", village_code=OTHER_COUNTY_VILLAGE
        ).id
        officer = make_staff(session, "county_officer", division_code="140502")
        self.officer = make_sign_in(session, staff=officer)


@pytest.fixture
def town(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Town(session)


@pytest.fixture
def officers_session(town):
    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=town.officer)),
        sessions.transaction() as session,
    ):
        yield session


def found(session, term):
    return {row.id for row in register.search(session, rules.read_search(term))}


@pytest.mark.parametrize(
    ("term", "who"),
    [
        ("李秀英", {"mother"}),
        ("李秀", {"mother", "neighbour"}),
        ("lixiu", {"mother", "neighbour"}),
        ("LXY", {"mother"}),
        ("139 1234 0001", {"mother"}),
        ("+86 13912340001", {"mother"}),
        (an_id_number(777), {"mother"}),
        ("13912340009", set()),
        ("王", None),
        ("李%", set()),
    ],
)
def test_people_are_found_in_every_way_that_people_ask(town, officers_session, term, who):
    if who is None:
        with pytest.raises(rules.SearchTooShort):
            rules.read_search(term)
    else:
        assert found(officers_session, term) == {getattr(town, one) for one in who}


def test_a_query_that_forgot_its_filter_still_sees_no_other_county(
    town, officers_session, monkeypatch
):
    monkeypatch.setattr(register, "in_reach", lambda session: true())

    assert found(officers_session, "李秀英") == {town.mother}
    with pytest.raises(NotFound):
        register.get_in_reach(officers_session, town.stranger)


def test_somebody_of_another_county_is_nobody(town, officers_session):
    with pytest.raises(NotFound):
        register.get_person(officers_session, town.stranger)


def test_likeness_is_name_and_birth_day_with_phone_or_village(town, officers_session):
    mother = register.get_person(officers_session, town.mother)

    def alike(**given):
        facts = {
            "name": "李秀英",
            "born_on": mother.born_on,
            "phone": None,
            "village_code": NEIGHBOUR_VILLAGE,
        } | given
        return [row.id for row in register.find_likenesses(officers_session, **facts)]

    assert alike() == []
    assert alike(phone="+8613912340001") == [town.mother]
    assert alike(village_code=mother.village_code) == [town.mother]
    assert alike(village_code=mother.village_code, name="李秀") == []


def test_an_office_without_a_division_finds_nobody(own_city, town):
    with acting(PLATFORM), sessions.transaction() as session:
        administrator = make_staff(session, "administrator", division_code="1405")
        token = make_sign_in(session, staff=administrator)
    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=token)),
        sessions.transaction(writes=False) as session,
    ):
        assert found(session, "李秀英") == set()
        assert register.list_villages(session) == []
