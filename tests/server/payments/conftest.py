"""A sandbox that answers by HTTP, an elder, and a canteen."""

import pytest

from server.payments import providing
from tests.factories.meals import make_canteen
from tests.factories.payments import Sandbox
from tests.factories.people import make_resident


@pytest.fixture(scope="module")
def running():
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running):
    """The sandbox, with this process as its merchant."""
    running.letters.queue.clear()
    providing.hold(running.provider)
    yield running
    providing.hold(None)


@pytest.fixture
def canteen(session):
    return make_canteen(session)


@pytest.fixture
def elder(session):
    return make_resident(session, name="李秀英")
