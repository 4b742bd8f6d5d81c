"""A home with one free bed, and a list to wait in."""

import pytest

from server.facilities.waiting.offering import make_offers
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


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
def home(session):
    return make_site(session, name="德善养老院", monthly_price_from_fen=180_000)


@pytest.fixture
def bed(session, home):
    return make_bed(session, site=home)


@pytest.fixture
def application(phone, resident, bed):
    """What the phone was told when it applied."""
    wish = {"resident_id": resident.id, "site_id": bed.site_id}
    answer = phone.post("/v1/applications", wish)
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def offer(phone, session, application):
    """The open offer of the application."""
    session.commit()
    make_offers(session)
    return phone.get(f"/v1/applications/{application['id']}").json["offer"]


@pytest.fixture
def offers_address(application):
    return f"/v1/applications/{application['id']}/offers"
