"""Counts the statements that are sent to the database."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event


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
