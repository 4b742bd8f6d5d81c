"""A street of homes, and what one check finds in it."""

import pytest

from server import clock
from server.homecare.checks.checks import BY_KIND
from server.homecare.checks.service import find
from tests.factories.street import Street


@pytest.fixture
def street(session):
    return Street(session)


@pytest.fixture
def found(session, street):
    """Return what the check of a kind finds from the day of the visits until today."""

    def found(kind, *, since=None, until=None):
        since, until = since or street.day, until or clock.today()
        return [one.subject for one in find(session, BY_KIND[kind], since, until=until)]

    return found
