"""People at both faces at once: phones in the hand and desks at the window, over HTTP."""

import pytest

from admin.app import create_app as create_console
from mobile_api.app import create_app as create_phone_api
from server.identity.models import Role
from tests.admin.conftest import Desk
from tests.factories.people import PASSWORD, make_sign_in, make_staff
from tests.mobile_api.conftest import Phone
from tests.server.identity.conftest import Authenticator

COUNTY = "140502"


@pytest.fixture(scope="session")
def console():
    return create_console()


@pytest.fixture(scope="session")
def phone_api():
    return create_phone_api()


@pytest.fixture
def pick_up(phone_api, session):
    """Somebody has a phone in the hand, not signed in: `pick_up()`."""
    return lambda: Phone(phone_api.test_client(), session)


@pytest.fixture
def sit_down(console, session):
    """Somebody sits down at a browser of their own, not signed in: `sit_down()`."""
    return lambda: Desk(console, session)


@pytest.fixture
def go_to_window(console, session):
    """The community's window, at which a worker of the county sits: `go_to_window(her)`.

    The worker has opened her file.
    """

    def go(resident):
        session.connection()
        worker = make_staff(session, Role.COMMUNITY_WORKER, division_code=COUNTY)
        desk = Desk(console, session, make_sign_in(session, staff=worker))
        opened = desk.post(f"/residents/{resident.id}/openings", {"reason": "本人到窗口"})
        assert opened.status_code == 303
        return desk

    return go


@pytest.fixture
def keeper(console, session):
    """Whoever manages accounts, at their desk."""
    keeper = make_staff(session, Role.ADMINISTRATOR, division_code="1405")
    return Desk(console, session, make_sign_in(session, staff=keeper))


class Colleague:
    """A member of staff with an authenticator, who comes in as one does."""

    def __init__(self, session, role, **where):
        self.session = session
        self.person = make_staff(session, role, password=PASSWORD, **where)
        self.person.phone = "+8613800138000"
        self.authenticator = Authenticator(session, self.person)
        self.steps = 0
        session.commit()

    def come_in(self, desk, password=PASSWORD):
        """Name and password, then the six digits; returns the answer to the last step."""
        form = {"sign_in_name": self.person.sign_in_name, "password": password}
        first = desk.post("/sign-in", form)
        if not first.headers.get("Location", "").startswith("/admin/sign-in/second-step"):
            return first
        code = self.authenticator.code(self.steps)
        self.steps = min(self.steps + 1, 1)
        return desk.post("/sign-in/second-step", {"code": code})


@pytest.fixture
def hire(session):
    return lambda role, **where: Colleague(session, role, **where)
