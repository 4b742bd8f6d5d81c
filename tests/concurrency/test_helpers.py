"""Two who type one code, and more helpers than may be: the database counts one after the other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.errors import DomainError
from server.residents import inviting
from server.residents.errors import HelperCodeUnknown, TooManyHelpers
from server.residents.models import GrantKind, HelperScope, Relation
from tests.cities import CITY
from tests.factories.people import make_account, make_resident, make_sign_in

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
MEALS = [HelperScope.BOOK_MEALS]


@pytest.fixture
def elder(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        resident = make_resident(session)
        token = make_sign_in(session, account=make_account(session, resident))
        return resident.id, token


def as_one(token, do):
    """Return what came of it: `ok`, or the refusal's class."""
    with in_city(CITY), acting(Act(Face.PHONE, "tests", "test", token=token)):
        try:
            sessions.in_transaction(lambda session: do(session))()
        except DomainError as refusal:
            return type(refusal)
    return "ok"


def at_once(deeds):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda deed: as_one(*deed), deeds))


def helpers_of(resident_id):
    query = text("SELECT count(*) FROM resident_grant WHERE resident_id = :id AND kind = :kind")
    with acting(PLATFORM), sessions.transaction(writes=False) as session:
        values = {"id": resident_id, "kind": GrantKind.HELPER.value}
        return session.execute(query, values).scalar_one()


def test_a_code_that_eight_people_type_at_once_opens_for_one(elder):
    resident_id, token = elder
    with acting(PLATFORM), sessions.transaction() as session:
        tokens = [make_sign_in(session, account=make_account(session)) for _ in range(8)]
    shown = []
    as_one(
        token, lambda session: shown.append(inviting.offer_code(session, resident_id, scopes=MEALS))
    )

    def type_it(session):
        inviting.use_code(
            session, code=shown[0].code, holder_name="王丽", relation=Relation.CHILD, address="x"
        )

    ends = at_once([(one, type_it) for one in tokens])

    assert sorted(map(str, ends)) == sorted(map(str, ["ok", *[HelperCodeUnknown] * 7]))
    assert helpers_of(resident_id) == 1


def test_ten_who_are_named_at_once_are_five(elder):
    resident_id, token = elder

    def name(number):
        return lambda session: inviting.name_helper(
            session, resident_id, phone=f"1997776000{number}", holder_name="王丽",
            relation=Relation.CHILD, scopes=MEALS,
        )  # fmt: skip

    ends = at_once([(token, name(number)) for number in range(10)])

    assert ends.count("ok") == helpers_of(resident_id) == inviting.MOST_HELPERS
    assert set(ends) == {"ok", TooManyHelpers}
