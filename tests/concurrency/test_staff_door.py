"""Two administrators and two browsers at the same moment: duties stay apart, a code opens once."""

from itertools import count

import pytest

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity.models import Passkey, Role
from server.identity.service import passkeys, staff, staff_door
from server.identity.service.passkeys import House
from server.identity.service.staff_door import Caller
from tests.cities import CITY
from tests.concurrency.racing import as_owner, look, race
from tests.factories.passkeys import MadeUpAuthenticator
from tests.factories.people import LONG_AGO, make_staff
from tests.server.identity.conftest import PASSWORD, Authenticator

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
HOUSE = House("localhost", "http://localhost")
BOTH_HELD = """
    SELECT a.staff_id FROM staff_role a JOIN staff_role c ON c.staff_id = a.staff_id
     WHERE a.role = 'approver' AND c.role = 'cashier'
"""
_numbers = count(1)


def give_at_once():
    """Two offices that exclude each other, given to one person at the same moment."""
    with acting(PLATFORM), transaction() as session:
        name = f"race{next(_numbers)}"
        person = staff.invite(session, sign_in_name=name, display_name="张三").staff.id

    def give(role):
        with acting(PLATFORM), transaction() as session:
            staff.give_office(
                session,
                person,
                role=role,
                place=staff.Place(division_code=CITY),
                starts_on=LONG_AGO,
            )
        return "given"

    return race([Role.APPROVER, Role.CASHIER], give)


def test_of_two_offices_that_exclude_each_other_one_is_given(own_city):
    for _ in range(5):
        assert give_at_once() == {"given": 1, "DutiesClash": 1}
    assert look(own_city, BOTH_HELD) == []


def test_without_the_trigger_both_would_be(own_city):
    as_owner(own_city, "DROP TRIGGER duties_apart ON staff_role")

    assert give_at_once() == {"given": 2}
    assert look(own_city, BOTH_HELD) != []


@pytest.mark.parametrize("times", [4])
def test_a_code_brought_by_many_at_once_opens_for_one(own_city, times):
    with acting(PLATFORM), transaction() as session:
        officer = make_staff(session, "city_officer", division_code=CITY, password=PASSWORD)
        code = Authenticator(session, officer).code()

    def come_in(number):
        caller = Caller(f"192.0.2.{number}")
        with acting(PLATFORM), transaction() as session:
            step = staff_door.sign_in_by_password(
                session, sign_in_name=officer.sign_in_name, password=PASSWORD, caller=caller
            )
        with acting(PLATFORM), transaction() as session:
            staff_door.pass_second_step(session, token=step.token, typed=code, caller=caller)
        return "in"

    assert race(list(range(times)), come_in) == {"in": 1, "SecondStepWrong": times - 1}


def added(device, staff_id):
    """The passkey as if its owner had added it."""
    with acting(PLATFORM), transaction() as session:
        session.add(
            Passkey(
                staff_id=staff_id,
                credential_id=device.credential_id,
                public_key=device.public_key,
                sign_count=0,
                label="窗口电脑",
                created_at=clock.now(),
            )
        )


def come_in(answer):
    with acting(PLATFORM), transaction() as session:
        passkeys.come_in(session, answer=answer, house=HOUSE, caller=Caller("192.0.2.1"))
    return "in"


def asked():
    with acting(PLATFORM), transaction() as session:
        return passkeys.ask_to_come_in(session, house=HOUSE, caller=Caller("192.0.2.1"))


@pytest.fixture
def device(own_city):
    with acting(PLATFORM), transaction() as session:
        staff_id = make_staff(session, "city_officer", division_code=CITY, password=PASSWORD).id
    device = MadeUpAuthenticator()
    device.handle = f"staff:{staff_id}".encode()
    added(device, staff_id)
    return device


@pytest.mark.parametrize("times", [4])
def test_a_passkeys_answer_brought_by_many_at_once_opens_for_one(device, times):
    answer = device.sign(asked())

    assert race([answer] * times, come_in) == {"in": 1, "PasskeyRefused": times - 1}


@pytest.mark.parametrize("times", [4])
def test_copies_of_a_passkey_that_come_at_once_let_one_in_and_close_it(own_city, device, times):
    copies = [device.copy() for _ in range(times)]
    answers = [copy.sign(asked()) for copy in copies]

    outcomes = race(answers, come_in)

    assert outcomes["in"] == 1
    assert outcomes["PasskeyDoubted"] >= 1
    assert outcomes.total() == times
    (closed,) = look(own_city, "SELECT doubted_at IS NOT NULL FROM passkey")
    assert closed == (True,)
