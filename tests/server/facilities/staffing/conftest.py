"""A home of four, of whom two are assessed."""

import pytest
from sqlalchemy import event, text

from server import clock
from server.facilities.staffing.rules import monday_of
from server.facilities.stays.admitting import admit
from tests.factories.assessments import give_level
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident


@pytest.fixture
def monday():
    return monday_of(clock.today())


@pytest.fixture
def home(session):
    return make_site(session, name="甲院")


@pytest.fixture
def move_in(session, home):
    """Let people move in, one of each level; `None` is nobody assessed."""

    def move_in(*levels, site=home):
        stays = []
        for bed, level in zip(make_beds(session, len(levels), site=site), levels, strict=True):
            resident = make_resident(session)
            if level is not None:
                give_level(session, resident, level)
            stays.append(
                admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=clock.today())
            )
        return stays

    return move_in


@pytest.fixture
def findings(session):
    def findings():
        query = "SELECT kind, site_id, state, evidence FROM finding ORDER BY id"
        return [tuple(row) for row in session.execute(text(query))]

    return findings


@pytest.fixture
def statements(session):
    """Counts the statements sent to the database: `with statements() as sent: …`; `len(sent)`."""
    connection = session.connection()

    class Counting(list):
        def __enter__(self):
            event.listen(connection, "before_cursor_execute", self._note)
            return self

        def __exit__(self, *failure):
            event.remove(connection, "before_cursor_execute", self._note)

        def _note(self, connection, cursor, statement, *rest):
            self.append(statement)

    return Counting
