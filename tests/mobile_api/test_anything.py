"""Whatever a client makes up from the document of the API, it is answered and nothing breaks."""

from collections import defaultdict

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from server.db import sessions
from server.db.acts import Act, Face, acting
from tests.factories.meals import make_sitting
from tests.factories.people import make_account, make_resident, make_sign_in

pytestmark = pytest.mark.long

OPERATIONS = 162
ENDS_THE_SIGN_IN = {"signOut", "endSignIn", "closeAccount"}
EASILY_DONE = {"getMe", "ping", "getMenu", "listBookings", "listPlaces", "getQuote", "listCanteens"}
QUICKLY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def house(own_city):
    """Someone with a token, and something to ask about."""
    with (
        acting(Act(Face.COMMAND, "tests", "test", service=True)),
        sessions.transaction() as session,
    ):
        resident = make_resident(session)
        token = make_sign_in(session, account=make_account(session, resident))
        sitting = make_sitting(session)
    return {
        "resident_id": resident.id,
        "sitting_id": sitting.id,
        "canteen_id": sitting.canteen_id,
        "booking_id": 1,
        "token": token,
    }


@pytest.fixture
def patient_app(app):
    """The API at its place in the house, without its limit on requests a minute."""
    limiter = next(iter(app.extensions["limiter"]))
    limiter.enabled = False
    yield DispatcherMiddleware(NotFound(), {"/api": app})
    limiter.enabled = True


@pytest.mark.nightly
def test_nothing_that_fits_the_document_or_nearly_does_breaks_the_api(patient_app, house):
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", patient_app)
    operations = {one.definition.raw["operationId"]: one for one in _operations(schema)}
    assert len(operations) == OPERATIONS
    answers = defaultdict(list)

    for name in sorted(operations.keys() - ENDS_THE_SIGN_IN):
        _ask_anything(operations[name], house, answers[name])

    broken = [answer for given in answers.values() for answer in given if answer[0] >= 500]
    assert broken == []
    went_well = {name for name, given in answers.items() if any(one[0] < 300 for one in given)}
    assert went_well >= EASILY_DONE


def _operations(schema):
    return [result.ok() for result in schema.get_all_operations()]


def _ask_anything(operation, house, answers):
    """Send made-up requests, half of them about what is there; keep (status, body, request)."""

    @given(case=operation.as_strategy(), real=st.booleans(), key=st.uuids())
    @QUICKLY
    def ask(case, real, key):
        if real:
            _name_what_is_there(case, house)
        keyed = {"Authorization": f"Bearer {house['token']}", "Idempotency-Key": str(key)}
        response = case.call(headers=keyed)
        answers.append((response.status_code, response.content, repr(case)))

    ask()


def _name_what_is_there(case, house):
    """Put real keys in place of made-up ones, so that views go further than to `not found`."""
    for names in (case.path_parameters, case.query, case.body):
        if isinstance(names, dict):
            names.update({name: house[name] for name in names if name in house})
