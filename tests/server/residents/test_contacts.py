"""Whom to call: in order, an emergency first, each phone once."""

import pytest

from server.db import sessions
from server.db.acts import acting
from server.errors import NotFound
from server.people.errors import ContactPhoneUnusable
from server.residents import contacts, register, rules
from server.residents.contacts import Contact
from server.residents.errors import ContactKnown
from server.residents.models import Relation
from tests.factories.assessments import Office
from tests.factories.people import make_resident
from tests.server.residents.facts.conftest import PLATFORM

DAUGHTER = Contact("王丽", Relation.CHILD, "139 0000 1234", is_emergency=True, call_order=2)
NEIGHBOUR = Contact("赵大爷", Relation.NEIGHBOUR, "0356-2022222", call_order=1, note="同一单元")


class Home:
    def __init__(self, session):
        self.mother = make_resident(session, name="李秀英").id
        self.office = Office(session)
        self.elsewhere = Office(session, division_code="140521")


@pytest.fixture
def home(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Home(session)


def note(home, contact, *, office=None):
    with (office or home.office).at_work() as session:
        return contacts.note_contact(session, home.mother, contact).id


def called(home):
    with home.office.at_work(writes=False) as session:
        return [one.name for one in contacts.list_contacts(session, home.mother)]


def test_an_emergency_comes_first_and_then_the_order(home):
    for one in (NEIGHBOUR, DAUGHTER, Contact("孙女", Relation.RELATIVE, "13900001299", True, 1)):
        note(home, one)

    assert called(home) == ["孙女", "王丽", "赵大爷"]


def test_a_phone_is_noted_once_and_must_be_one(home):
    note(home, DAUGHTER)

    with pytest.raises(ContactKnown):
        note(home, Contact("又一个", Relation.OTHER, "+86 13900001234"))
    with pytest.raises(ContactPhoneUnusable):
        note(home, Contact("打不通", Relation.OTHER, "12"))
    assert called(home) == ["王丽"]


def test_a_contact_is_put_right_and_taken_out(home):
    contact = note(home, DAUGHTER)
    with home.office.at_work() as session:
        contacts.correct_contact(session, home.mother, contact, NEIGHBOUR)
    assert called(home) == ["赵大爷"]

    with home.office.at_work() as session:
        contacts.remove_contact(session, home.mother, contact)
    assert called(home) == []


def test_a_search_finds_the_person_by_her_own_phone_alone(home):
    note(home, DAUGHTER)

    with home.office.at_work(writes=False) as session:
        assert register.search(session, rules.read_search("13900001234")) == []


def test_another_county_neither_sees_nor_writes_them(home):
    contact = note(home, DAUGHTER)

    with pytest.raises(NotFound):
        note(home, NEIGHBOUR, office=home.elsewhere)
    with home.elsewhere.at_work() as session:
        assert contacts.list_contacts(session, home.mother) == []
        with pytest.raises(NotFound):
            contacts.remove_contact(session, home.mother, contact)
