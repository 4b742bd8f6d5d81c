"""takePaymentNotice: a provider tells by its signature alone."""

import json

import pytest
from sqlalchemy import text

from infra.payment_providers.signing import signed
from server.open_api.app import create_app
from server.payments import noticing, providing
from server.payments.models import PaymentState
from server.payments.queries import list_doubtful_notices
from tests.factories.meals import make_canteen
from tests.factories.payments import KEY, Sandbox, make_payment, place
from tests.factories.people import make_resident


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture(scope="module")
def running():
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def payment(session, running):
    providing.hold(running.provider)
    return make_payment(session, make_resident(session), make_canteen(session))


@pytest.fixture
def tell(app, session):
    def tell(headers, body, provider="sandbox"):
        session.commit()
        address = f"/v1/payments/{provider}/notices"
        answer = app.test_client().post(address, data=body, headers=headers)
        session.commit()
        return answer

    return tell


def test_what_the_sandbox_tells_pays(session, running, payment, tell):
    running.press(place(running, payment))

    answer = tell(*running.letter())

    assert (answer.status_code, answer.json) == (200, {"verdict": "taken"})
    session.refresh(payment)
    assert payment.state is PaymentState.PAID


def test_a_forged_notice_is_turned_away_and_kept(session, running, payment, tell):
    body = json.dumps({"number": payment.number, "outcome": "paid"}).encode()

    answer = tell(signed(b"guessed", body), body)

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/payment-notice-forged")
    assert [row.verdict for row in list_doubtful_notices(session, at_most=5)] == ["forged"]


def test_of_a_flood_of_forged_ones_not_even_the_acts_stay(session, payment, tell, monkeypatch):
    monkeypatch.setattr(noticing, "FORGED_AN_HOUR", 0)
    acts = text("SELECT count(*) FROM act WHERE action = 'payment_notices.take'")

    assert tell(signed(b"guessed", b"{}"), b"{}").status_code == 401

    assert session.execute(acts).scalar_one() == 0
    assert list_doubtful_notices(session, at_most=5) == []


def test_a_true_notice_with_another_amount_says_so(session, running, payment, tell):
    told = {"number": payment.number, "outcome": "paid", "amount_fen": 1}
    body = json.dumps(told | {"transaction_number": "S1", "at": None}).encode()

    answer = tell(signed(KEY, body), body)

    assert (answer.status_code, answer.json["verdict"]) == (409, "wrong_amount")


def test_a_provider_nobody_uses_is_not_there(payment, tell):
    assert tell({}, b"", provider="wechat").status_code == 404
