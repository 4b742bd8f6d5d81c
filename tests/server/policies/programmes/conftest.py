"""Two people with their offices, and acts of theirs."""

from contextlib import contextmanager

import pytest

from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity.models import Role
from tests.factories.people import make_sign_in, make_staff


@contextmanager
def as_one(token):
    """A transaction in which whoever holds the token acts."""
    with acting(Act(Face.CONSOLE, "tests", "test", token=token)), transaction() as session:
        yield session


@pytest.fixture
def officer(session):
    return sign_in(session, Role.CITY_OFFICER)


@pytest.fixture
def approver(session):
    return sign_in(session, Role.APPROVER)


def sign_in(session, role):
    staff = make_staff(session, role, division_code="1405")
    token = make_sign_in(session, staff=staff)
    session.commit()
    return token
