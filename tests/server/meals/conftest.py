"""Somebody of an office does what follows; what is sent to the database is counted."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event


@pytest.fixture
def in_the_name_of(session, monkeypatch):
    """Let a member of staff do what is in the block, with the rights of a role."""

    @contextmanager
    def act(staff, role=None):
        actor = session.info["actor"]
        roles = ({"role": role, "prefix": "140502", "site_id": None},) if role else ()
        with monkeypatch.context() as patch:
            patch.setitem(session.info, "actor", replace(actor, staff_id=staff.id, roles=roles))
            yield

    return act


@pytest.fixture
def statements(connection):
    """`with statements() as sent: …`; `len(sent)`."""

    @contextmanager
    def counting():
        sent = []

        def note(_connection, _cursor, statement, *rest):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                sent.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        yield sent
        event.remove(connection, "before_cursor_execute", note)

    return counting
