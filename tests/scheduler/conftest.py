"""Messages in the outbox, for tests of their delivery."""

import pytest
from sqlalchemy import text

from server import clock
from server.db.sessions import transaction
from server.notifications.models import Channel
from server.notifications.service import ask_for_message


@pytest.fixture
def ask(as_platform):
    """Ask for so many sign-in codes, due now; each to a phone of its own."""

    def ask(count=1, **given):
        due_at = clock.now()
        with transaction() as session:
            for number in range(count):
                message = {
                    "phone": f"+86138{number:08}",
                    "language": "zh-CN",
                    "channel": Channel.SMS,
                    "kind": "identity.sign_in_code",
                    "subject": f"sign-in:{number}",
                    "facts": {"code": f"{number:06}"},
                    "due_at": due_at,
                }
                ask_for_message(session, **{**message, **given})

    return ask


@pytest.fixture
def statuses(as_platform):
    """Say how many messages have which status."""

    def statuses():
        with transaction(writes=False) as session:
            counted = text("SELECT status, count(*) FROM message GROUP BY status")
            return dict(tuple(row) for row in session.execute(counted).all())

    return statuses


@pytest.fixture
def idle_template(engine):
    """The city that is copied: nobody may be connected to it meanwhile."""
    engine.dispose()


@pytest.fixture
def own_city(idle_template, own_city):
    """A city of the test's own, also where tests before it used the shared one."""
    return own_city
