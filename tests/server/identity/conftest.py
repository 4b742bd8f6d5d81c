"""The door and its keepers: staff with passwords, administrators, authenticators."""

from contextlib import contextmanager

import pytest

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import actor_of, transaction
from server.identity import one_time
from server.identity.models import SecondFactor
from server.identity.service import passwords
from server.identity.service.second_factors import seal_secret
from server.identity.service.staff_door import Caller
from tests.factories.people import PASSWORD, make_sign_in, make_staff

HERE = Caller("192.0.2.1", "Chrome · Windows")


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """argon2id with the least work it can do."""
    hasher = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobodys = hasher.hash("nobody")
    monkeypatch.setattr(passwords, "_passwords", hasher)
    monkeypatch.setattr(passwords, "_nobodys_password", lambda: nobodys)


class Authenticator:
    """An app on somebody's phone that holds a secret."""

    def __init__(self, session, staff):
        self.secret = one_time.new_secret()
        session.add(
            SecondFactor(
                staff_id=staff.id,
                secret_cipher=seal_secret(self.secret),
                begun_at=clock.now(),
                confirmed_at=clock.now(),
            )
        )
        session.flush()

    def code(self, steps=0):
        return one_time.code_of(self.secret, one_time.step_at(clock.now()) + steps)


@pytest.fixture
def cook(session):
    """Someone whose office needs no second factor."""
    staff = make_staff(session, "community_worker", division_code="140502", password=PASSWORD)
    session.commit()
    return staff


@pytest.fixture
def officer(session):
    """Someone whose office does."""
    staff = make_staff(session, "city_officer", division_code="1405", password=PASSWORD)
    session.commit()
    return staff


@pytest.fixture
def administrator(session):
    return make_staff(session, "administrator", division_code="1405", password=PASSWORD)


@pytest.fixture
def as_administrator(session, administrator):
    """A transaction in which the administrator acts: `with as_administrator() as session`."""
    token = make_sign_in(session, staff=administrator)
    session.commit()

    @contextmanager
    def act():
        mine = Act(Face.CONSOLE, "tests", "test", token=token, reason="为了测试")
        with acting(mine), transaction() as own:
            yield own

    return act


def who(token, *, is_refresh=False):
    """Return whom the database takes the holder of the token for."""
    act = Act(Face.CONSOLE, "tests", "test", token=token, is_refresh=is_refresh)
    with acting(act), transaction(writes=False) as session:
        return actor_of(session)
