"""People enter the register once, and their ID number is nowhere in plain."""

import pytest
from sqlalchemy import text

from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.errors import NotFound
from server.people.errors import IdNumberUnusable
from server.residents import queries
from server.residents.errors import AlreadyRegistered
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring
from tests.factories.people import an_id_number, make_account, make_resident, make_sign_in


def count(session):
    return session.execute(text("SELECT count(*) FROM resident")).scalar_one()


def test_the_id_number_is_sealed_and_found_by_its_digest(session):
    number = an_id_number(7)
    resident = make_resident(session, id_number=number)
    row = session.execute(text("SELECT resident::text FROM resident")).scalar_one()

    assert number not in row
    assert number.encode().hex() not in row
    assert keyring().decrypt(bytes(resident.id_number_cipher), ID_NUMBER_FIELD) == number
    assert resident.id_number_digest == keyring().digest(number, ID_NUMBER_FIELD)


def test_the_same_number_is_registered_once_and_the_rest_goes_on(session):
    make_resident(session, id_number=an_id_number(7))

    with pytest.raises(AlreadyRegistered):
        make_resident(session, id_number=an_id_number(7).lower())
    make_resident(session, id_number=an_id_number(8))

    assert count(session) == 2


def test_a_wrong_number_registers_nobody(session):
    with pytest.raises(IdNumberUnusable):
        make_resident(session, id_number="140502194405060010")

    assert count(session) == 0


def test_without_a_mainland_number_people_are_registered_too(session):
    for _ in range(2):
        make_resident(session, id_number=None)

    assert count(session) == 2


@pytest.mark.parametrize(
    "name", ["Robert'); DROP TABLE resident;--", "<b>x</b>", "𠮷野㐂䶮", "👵🏻", "·阿卜杜拉·"]
)
def test_any_name_is_kept_as_it_is(session, name):
    resident = make_resident(session, name=name)
    session.commit()
    session.refresh(resident)

    assert resident.name == name


def test_an_account_acts_for_its_own_alone(session, connection):
    mine, other = make_resident(session, name="安国强"), make_resident(session)
    token = make_sign_in(session, account=make_account(session, mine))
    session.commit()

    with acting(Act(Face.PHONE, "t", "t", token=token)), transaction(writes=False) as theirs:
        queries.check_acts_for(theirs, mine.id)
        with pytest.raises(NotFound):
            queries.check_acts_for(theirs, other.id)
