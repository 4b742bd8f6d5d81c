"""A resident and an office over her village."""

import pytest

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.residents.models import GrantKind
from tests.factories.assessments import Office
from tests.factories.people import make_account, make_resident, make_sign_in

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


class Village:
    """A mother with a daughter who helps, her neighbour, their office and one elsewhere."""

    def __init__(self, session):
        mother = make_resident(session, name="李秀英")
        self.mother = mother.id
        helper = make_account(session, mother, kind=GrantKind.HELPER)
        self.daughter = make_sign_in(session, account=helper)
        self.neighbour = make_resident(session, name="王桂兰", id_number=None).id
        self.office = Office(session)
        self.elsewhere = Office(session, division_code="140521")


@pytest.fixture
def village(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Village(session)
