"""Staff come in by name and password; guessing is slowed down."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import actor_of, transaction
from server.identity import service
from server.identity.errors import LockedOut, PasswordWrong
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

PASSWORD = "a long demo password"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """argon2id with the least work it can do."""
    hasher = service.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(service, "_passwords", hasher)
    monkeypatch.setattr(service, "_NOBODYS_PASSWORD", hasher.hash("nobody"))


@pytest.fixture
def staff(session):
    staff = make_staff(session, "city_officer", division_code="1405", password=PASSWORD)
    session.commit()
    return staff


def sign_in(name, password=PASSWORD, address="192.0.2.1"):
    with transaction() as session:
        return service.sign_in_by_password(
            session, sign_in_name=name, password=password, address=address
        )


def who(token):
    with acting(Act(Face.CONSOLE, "t", "t", token=token)), transaction(writes=False) as session:
        return actor_of(session)


def test_the_right_password_opens_the_console_for_a_working_day(staff):
    signed_in = sign_in(staff.sign_in_name)

    actor = who(signed_in.token)
    assert (actor.staff_id, actor.prefixes) == (staff.id, ["1405"])
    assert signed_in.sign_in.expires_at - signed_in.sign_in.created_at == timedelta(hours=8)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 10_000, "👵"])
def test_a_wrong_password_is_refused(staff, password):
    with pytest.raises(PasswordWrong):
        sign_in(staff.sign_in_name, password)


def test_an_unknown_name_is_refused_alike(staff):
    with pytest.raises(PasswordWrong) as unknown:
        sign_in("nobody")
    with pytest.raises(PasswordWrong) as known:
        sign_in(staff.sign_in_name, "wrong")

    assert unknown.value.facts == known.value.facts


def test_after_five_wrong_tries_the_door_is_shut_for_a_while(staff):
    quarter = clock.now().replace(minute=1, second=0, microsecond=0)
    with time_machine.travel(quarter, tick=False) as time:
        for _ in range(5):
            with pytest.raises(PasswordWrong):
                sign_in(staff.sign_in_name, "wrong")
        with pytest.raises(LockedOut) as locked:
            sign_in(staff.sign_in_name)
        assert locked.value.facts == {"retry_after": 14 * 60}

        time.shift(timedelta(minutes=14))
        assert sign_in(staff.sign_in_name).token


def test_names_that_do_not_exist_are_counted_too(staff):
    quarter = clock.now().replace(minute=1)
    with time_machine.travel(quarter, tick=False):
        for _ in range(5):
            with pytest.raises(PasswordWrong):
                sign_in("nobody", "wrong")
        with pytest.raises(LockedOut):
            sign_in("nobody", "wrong")
        assert sign_in(staff.sign_in_name).token


def test_someone_who_was_disabled_stays_outside(staff, session):
    token = sign_in(staff.sign_in_name).token
    staff.disabled_at = clock.now()
    session.commit()

    with pytest.raises(PasswordWrong):
        sign_in(staff.sign_in_name)
    assert who(token).roles == ()


def test_a_token_ends_with_its_revocation(session):
    account = make_account(session, make_resident(session))
    token = make_sign_in(session, account=account)
    session.commit()
    assert who(token).account_id == account.id

    session.execute(text("UPDATE sign_in SET revoked_at = :now"), {"now": clock.now()})
    session.commit()

    assert not who(token).is_known


def test_an_account_is_opened_once_for_a_phone(session):
    first = service.open_account(session, phone="138 0000 2222")
    second = service.open_account(session, phone="+8613800002222")

    assert first.id == second.id
