"""People without a mainland ID number are known, and found, by another document."""

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import acting
from server.errors import NotFound
from server.residents import documents, register, rules
from server.residents.errors import DocumentKnown, DocumentNumberUnusable
from server.residents.models import DocumentKind
from tests.factories.assessments import Office
from tests.factories.people import an_id_number, make_resident
from tests.server.residents.facts.conftest import PLATFORM

PASSPORT, ALL_DIGITS = "C8 765-4321", "912345678"


class Town:
    def __init__(self, session):
        self.guest = make_resident(session, name="陈安娜", id_number=None).id
        self.other = make_resident(session, name="李秀英", phone="+8613912340001").id
        self.office = Office(session)
        self.elsewhere = Office(session, division_code="140521")


@pytest.fixture
def town(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Town(session)


def note(town, number, *, kind=DocumentKind.PASSPORT, resident=None):
    with town.office.at_work() as session:
        return documents.note_document(session, resident or town.guest, kind=kind, number=number).id


def found(office, term):
    with office.at_work(writes=False) as session:
        return [row.id for row in register.search(session, rules.read_search(term))]


@pytest.mark.parametrize("term", ["C87654321", "c8765 4321", "Ｃ87654321"])
def test_a_document_finds_its_holder_however_it_is_typed(town, term):
    note(town, PASSPORT)

    assert found(town.office, term) == [town.guest]
    assert found(town.elsewhere, term) == []


def test_a_passport_of_digits_is_found_beside_phones(town):
    note(town, ALL_DIGITS)
    note(town, "13912340001", kind=DocumentKind.FOREIGN_PERMANENT)

    assert found(town.office, ALL_DIGITS) == [town.guest]
    assert set(found(town.office, "13912340001")) == {town.guest, town.other}


def test_a_document_is_one_person_s_and_the_rest_goes_on(town):
    note(town, PASSPORT)

    with pytest.raises(DocumentKnown):
        note(town, "C87654321", resident=town.other)
    note(town, "C87654321", kind=DocumentKind.FOREIGN_PERMANENT, resident=town.other)


def test_a_permit_has_the_form_of_an_id_number(town):
    permit = DocumentKind.HONG_KONG_MACAU_PERMIT
    mainland = an_id_number(5)

    for wrong in (mainland, "H12345678", "810000194405060012"):
        with pytest.raises(DocumentNumberUnusable):
            note(town, wrong, kind=permit)


@pytest.mark.parametrize("number", ["", "abc", "1" * 21, "李秀英一二三", "<b>1234567</b>"])
def test_what_is_no_number_is_refused(town, number):
    with pytest.raises(DocumentNumberUnusable):
        note(town, number)


def test_the_number_is_nowhere_in_plain(town):
    document = note(town, PASSPORT)

    with acting(PLATFORM), sessions.transaction() as session:
        row = session.execute(text("SELECT d::text FROM identity_document d")).scalar_one()
        trail = session.execute(
            text("SELECT body FROM trail_entry WHERE table_name = 'identity_document'")
        ).scalar_one()
        kept = documents.get_document(session, town.guest, document)
        assert documents.number_of(kept) == "C87654321"
    assert "C87654321" not in row + trail
    assert b"C87654321".hex() not in row + trail


def test_a_wrong_one_is_put_right_or_taken_out(town):
    document = note(town, PASSPORT)
    with town.office.at_work() as session:
        documents.correct_document(
            session, town.guest, document, kind=DocumentKind.PASSPORT, number="D11112222"
        )
    assert found(town.office, "C87654321") == []
    assert found(town.office, "D11112222") == [town.guest]

    with town.elsewhere.at_work() as session, pytest.raises(NotFound):
        documents.remove_document(session, town.guest, document)
    with town.office.at_work() as session:
        documents.remove_document(session, town.guest, document)
    assert found(town.office, "D11112222") == []
