"""A phone: the API's test client, signed in for someone."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event

from mobile_api.app import create_app
from tests.factories.people import make_account, make_resident, make_sign_in


class Phone:
    """Sends what the phone app sends: token, language, and a key for each change."""

    def __init__(self, client, session, token=None, language="zh-CN"):
        self.client = client
        self.session = session
        self.token = token
        self.language = language

    def _headers(self, given):
        self.session.commit()
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Accept-Language": self.language} | token | given

    def get(self, path, **headers):
        return self.client.get(path, headers=self._headers(headers))

    def post(self, path, body=None, *, key=None, **headers):
        keyed = {"Idempotency-Key": key or uuid4().hex} | headers
        return self.client.post(path, json=body or {}, headers=self._headers(keyed))

    def send(self, method, path, body=None, *, key=None):
        keyed = {"Idempotency-Key": key or uuid4().hex}
        return self.client.open(path, method=method, json=body, headers=self._headers(keyed))

    def send_bytes(self, method, path, content, *, media_type="application/json", **headers):
        """Send a body as it stands, which the app would never send."""
        keyed = self._headers({"Idempotency-Key": uuid4().hex} | headers)
        return self.client.open(
            path, method=method, data=content, content_type=media_type, headers=keyed
        )

    def book(self, sitting, resident, **given):
        """Ask for a place."""
        wish = {"sitting_id": sitting.id, "resident_id": resident.id}
        return self.post("/v1/bookings", wish, **given)


@pytest.fixture(scope="session")
def app():
    return create_app()


@pytest.fixture
def resident(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def account(session, resident):
    return make_account(session, resident)


@pytest.fixture
def phone(app, session, account):
    """The resident's own phone, signed in."""
    token = make_sign_in(session, account=account)
    return Phone(app.test_client(), session, token)


@pytest.fixture
def stranger(app, session):
    """A phone that is not signed in."""
    return Phone(app.test_client(), session)


@pytest.fixture
def neighbour(session):
    """Someone else, whom the phone does not act for."""
    return make_resident(session, name="王桂兰")


@pytest.fixture
def neighbours_phone(app, session, neighbour):
    token = make_sign_in(session, account=make_account(session, neighbour))
    return Phone(app.test_client(), session, token)


@pytest.fixture
def help_within(app, session, phone, resident):
    """Names a daughter within these scopes and returns her phone: `help_within("apply")`."""

    def name(*scopes):
        daughter = {"phone": "139 0000 1234", "name": "王丽", "relation": "child"}
        address = f"/v1/residents/{resident.id}/helpers"
        assert phone.post(address, daughter | {"scopes": scopes}).status_code == 201
        account = make_account(session, phone=daughter["phone"])
        return Phone(app.test_client(), session, make_sign_in(session, account=account))

    return name


@pytest.fixture
def count_statements(connection):
    """Counts what is sent to the database: `with count_statements() as sent: …`; `len(sent)`."""

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
