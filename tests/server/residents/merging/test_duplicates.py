"""Who looks like somebody else is put down as a pair, once, wherever they were entered."""

from datetime import date

import pytest
from sqlalchemy import text

from server.identity.models import Role
from server.residents import registering
from server.residents.errors import PairIsDecided
from server.residents.merging import duplicates, queries
from server.residents.merging.models import PairState
from server.residents.merging.queries import Part
from server.residents.registering import Entry
from tests.cities import NEIGHBOUR_VILLAGE, OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.assessments import Office
from tests.factories.people import make_resident
from tests.factories.twins import PHONE, pair_of


def pairs(session):
    rows = session.execute(text("SELECT one_id, other_id, why FROM possible_duplicate"))
    return {(row.one_id, row.other_id): row.why for row in rows}


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英", phone=PHONE)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, ["village"]),
        ({"phone": PHONE}, ["phone", "village"]),
        ({"phone": PHONE, "village_code": OTHER_COUNTY_VILLAGE}, ["phone"]),
        ({"village_code": NEIGHBOUR_VILLAGE}, None),
        ({"name": "李秀兰", "phone": PHONE}, None),
    ],
)
def test_a_pair_has_name_birth_day_and_a_phone_or_village_in_common(session, mother, given, why):
    other = make_resident(session, **({"name": "李秀英"} | given))

    found = duplicates.find_duplicates(session)

    assert found == (0 if why is None else 1)
    assert pairs(session) == ({} if why is None else {(mother.id, other.id): why})


def test_looking_twice_finds_nothing_new(session, mother):
    make_resident(session, name="李秀英")

    assert [duplicates.find_duplicates(session) for _ in range(2)] == [1, 0]


def test_three_alike_are_three_pairs(session, mother):
    for _ in range(2):
        make_resident(session, name="李秀英")

    assert duplicates.find_duplicates(session) == 3


def test_it_is_one_statement_however_large_the_register(session, mother, engine):
    for _ in range(5):
        make_resident(session, name="李秀英")

    assert duplicates.flag_duplicates_of(session, [mother.id]) == 5


@pytest.fixture
def worker(session, mother):
    office = Office(session, Role.COMMUNITY_WORKER, VILLAGE)
    session.commit()
    return office


def enter(office, **given):
    values = {"name": "李秀英", "village_code": VILLAGE, "is_another": True} | given
    with office.at_work() as session:
        entry = Entry(born_on=BORN, sex="female", **values)
        return registering.enter_resident(session, entry).id


BORN = date(1944, 5, 6)


def test_somebody_entered_as_another_person_is_flagged_all_the_same(session, mother, worker):
    other = enter(worker)
    session.commit()

    assert pairs(session) == {(mother.id, other): ["village"]}


def test_a_likeness_beyond_the_windows_reach_is_flagged_for_the_city(session, mother, worker):
    far = make_resident(session, name="李秀英", phone="+8613912340009",
                        village_code=OTHER_COUNTY_VILLAGE)  # fmt: skip
    session.commit()
    enter(worker, phone="139 1234 0009")

    with worker.at_work() as office:
        seen = queries.list_pairs(office, part=Part.OPEN, limit=9)
        assert far.id not in {row.other_id for row in seen} | {row.one_id for row in seen}
    session.commit()
    assert any(far.id in pair for pair in pairs(session))


def test_a_corrected_phone_can_make_two_alike(session, mother, worker):
    other = make_resident(session, name="李秀英", village_code=NEIGHBOUR_VILLAGE)
    county = Office(session, Role.COUNTY_OFFICER, "140502")
    session.commit()
    with county.at_work() as office:
        registering.correct_contact(
            office, other.id, phone=PHONE, address="", village_code=NEIGHBOUR_VILLAGE
        )
    session.commit()

    assert pairs(session) == {(mother.id, other.id): ["phone"]}


class TestTellingApart:
    @pytest.fixture
    def pair_id(self, session, mother, worker):
        other = make_resident(session, name="李秀英")
        duplicates.find_duplicates(session)
        session.commit()
        return pair_of(session, mother.id, other.id)

    def tell(self, office, pair_id):
        with office.at_work() as session:
            duplicates.tell_apart(session, pair_id, reason="两人都到过窗口")

    def test_it_is_noted_with_its_reason_and_never_found_again(self, session, worker, pair_id):
        self.tell(worker, pair_id)
        session.commit()

        assert duplicates.find_duplicates(session) == 0
        session.commit()
        with worker.at_work() as office:
            assert queries.get_pair(office, pair_id).state is PairState.DIFFERENT
            assert queries.get_pair(office, pair_id).reason == "两人都到过窗口"
            assert queries.list_pairs(office, part=Part.OPEN, limit=9) == []

    def test_it_is_decided_once(self, worker, pair_id):
        self.tell(worker, pair_id)

        with pytest.raises(PairIsDecided):
            self.tell(worker, pair_id)
