"""A resident's phone, her helper's phone, and the address of her helpers."""

import pytest

from server.residents.models import GrantKind
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


@pytest.fixture
def address(resident):
    return f"/v1/residents/{resident.id}/helpers"


@pytest.fixture
def helpers_phone(app, session, resident):
    account = make_account(session, resident, kind=GrantKind.HELPER)
    return Phone(app.test_client(), session, make_sign_in(session, account=account))


@pytest.fixture
def daughter():
    """Whom a resident names as her helper."""
    return {"phone": "139 0000 1234", "name": "王丽", "relation": "child"}


@pytest.fixture
def help_within(app, session, phone, address, daughter):
    """Names the daughter within these scopes and returns her phone: `help_within("apply")`."""

    def name(*scopes):
        named = phone.post(address, daughter | {"scopes": scopes})
        assert named.status_code == 201
        account = make_account(session, phone=daughter["phone"])
        return Phone(app.test_client(), session, make_sign_in(session, account=account))

    return name
