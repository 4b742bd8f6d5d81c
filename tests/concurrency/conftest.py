"""A city of a test's own, with diners and phones, all committed."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from mobile_api.app import create_app
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.residents.models import GrantKind, HelperScope, Resident, ResidentGrant, Sex
from tests.cities import VILLAGE
from tests.concurrency.racing import PATIENCE
from tests.factories.people import LONG_AGO, make_account, make_sign_in

HERE = Path(__file__).parent
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


def pytest_collection_modifyitems(items):
    """A race takes its time: every test in this folder is a long one."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def platform():
    with acting(PLATFORM):
        yield


@pytest.fixture
def settle(own_city, platform):
    """Make rows by `make(session)` and commit them."""

    def settle(make):
        with sessions.transaction() as session:
            return make(session)

    return settle


@pytest.fixture
def people(settle):
    """Return a helper's token and the residents she acts for."""

    def people(count):
        def make(session):
            account = make_account(session)
            residents = [_somebody(number) for number in range(count)]
            session.add_all(residents)
            session.flush()
            session.add_all(_help_of(account, resident) for resident in residents)
            return make_sign_in(session, account=account), [one.id for one in residents]

        return settle(make)

    return people


def _somebody(number):
    return Resident(
        name=f"赵{number}", sex=Sex.FEMALE, born_on=date(1944, 5, 6), village_code=VILLAGE
    )


def _help_of(account, resident):
    return ResidentGrant(
        account_id=account.id,
        resident_id=resident.id,
        kind=GrantKind.HELPER,
        scopes=[HelperScope.BOOK_MEALS.value],
        starts_on=LONG_AGO,
    )


@pytest.fixture
def book_by_phone(own_city):
    """Send a booking through the phone API as the WSGI app it is."""
    app = create_app()
    for limiter in app.extensions["limiter"]:
        limiter.enabled = False

    def book(token, sitting_id, resident_id, key=None):
        """Ask, and ask again with the same key while the house says that it is busy."""
        keyed = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid4().hex}
        wish = {"sitting_id": sitting_id, "resident_id": resident_id}
        for _ in range(PATIENCE):
            response = app.test_client().post("/v1/bookings", json=wish, headers=keyed)
            if response.status_code != 503:
                break
        return response

    return book
