"""Whatever a client makes up from the document of the API, it is answered and nothing breaks."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.db import sessions
from server.db.acts import Act, Face, acting
from tests.factories.meals import make_sitting
from tests.factories.people import make_account, make_resident, make_sign_in

EXAMPLES = 12
OPERATIONS = 17


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
    """The API without its limit on requests a minute, and quiet about what it refuses."""
    limiter = next(iter(app.extensions["limiter"]))
    limiter.enabled = False
    yield app
    limiter.enabled = True


def test_nothing_that_fits_the_document_or_nearly_does_breaks_the_api(
    patient_app, house, monkeypatch
):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", patient_app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == OPERATIONS
    headers = {"Authorization": f"Bearer {house['token']}"}
    failures = []

    for operation in operations:
        name = operation.definition.raw["operationId"]

        @given(case=operation.as_strategy(), real=st.booleans(), key=st.uuids())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case, real, key):
            if real:
                _name_what_is_there(case, house)
            response = case.call(headers=headers | {"Idempotency-Key": str(key)})
            if response.status_code >= 500:
                failures.append((name, case.as_curl_command(), response.text))

        if name != "signOut":
            ask()

    assert failures == []


def _name_what_is_there(case, house):
    """Put real keys in place of made-up ones, so that views go further than to `not found`."""
    for given_names in (case.path_parameters, case.query, case.body):
        if isinstance(given_names, dict):
            given_names.update({name: house[name] for name in given_names if name in house})
