"""signIn on a number that was given to somebody else: the code arrives, and is not enough."""

from datetime import timedelta

import pytest
import time_machine

from server import clock
from server.identity.service.accounts import vouch_for
from server.residents.models import GrantKind
from tests.factories.consents import make_consent
from tests.factories.people import an_id_number, make_account, make_resident
from tests.mobile_api.refusals import refusal

NUMBER = "13800001111"
CODE = "204060"


@pytest.fixture(autouse=True)
def known_code(monkeypatch):
    monkeypatch.setattr("server.identity.service.accounts.secrets.randbelow", lambda _: int(CODE))


@pytest.fixture
def id_number():
    return an_id_number(77)


@pytest.fixture
def resident(session, id_number):
    resident = make_resident(session, id_number=id_number)
    make_consent(session, "id_number", resident=resident)
    return resident


@pytest.fixture
def account(session, resident):
    return make_account(session, resident, phone=NUMBER)


@pytest.fixture
def later(account, session):
    """The account was opened, and then not used for longer than numbers lie fallow."""
    session.commit()
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False) as time:
        yield time


def ask_for_code(phone):
    assert phone.post("/v1/sign-in-codes", {"phone": NUMBER}).status_code == 202


def sign_in(phone, **more):
    return phone.post("/v1/sign-ins", {"phone": NUMBER, "code": CODE} | more)


class TestTheStoryOfARecycledNumber:
    def test_a_stranger_with_her_old_number_stays_outside(self, stranger, later):
        ask_for_code(stranger)
        assert refusal(sign_in(stranger)) == (422, "id-digits-needed")

        for left in (2, 1):
            answer = sign_in(stranger, id_digits="123456")
            assert refusal(answer) == (422, "id-digits-wrong")
            assert f"还可以试 {left} 次" in answer.json["detail"]
        assert refusal(sign_in(stranger, id_digits="123456")) == (403, "window-needed")

    def test_three_wrong_guesses_shut_it_for_the_right_ones_too(self, stranger, later, id_number):
        ask_for_code(stranger)
        for _ in range(3):
            sign_in(stranger, id_digits="123456")

        assert refusal(sign_in(stranger, id_digits=id_number[-6:])) == (403, "window-needed")

    def test_she_herself_types_the_end_of_her_number(self, stranger, later, id_number):
        ask_for_code(stranger)
        assert refusal(sign_in(stranger)) == (422, "id-digits-needed")

        answer = sign_in(stranger, id_digits=f" {id_number[-6:].lower()} ")

        assert answer.status_code == 201
        stranger.token = answer.json["token"]
        assert stranger.get("/v1/me").status_code == 200

    def test_after_a_window_has_seen_her_papers_she_is_not_asked(
        self, stranger, later, session, account
    ):
        session.connection()
        vouch_for(session, session.merge(account))
        session.commit()
        ask_for_code(stranger)

        assert sign_in(stranger).status_code == 201


def test_within_ninety_days_nobody_is_asked(stranger, account, session):
    session.commit()
    with time_machine.travel(clock.now() + timedelta(days=89), tick=False):
        ask_for_code(stranger)
        assert sign_in(stranger).status_code == 201


def test_the_right_digits_without_the_code_open_nothing(stranger, later, id_number):
    ask_for_code(stranger)

    answer = stranger.post(
        "/v1/sign-ins", {"phone": NUMBER, "code": "999999", "id_digits": id_number[-6:]}
    )
    assert refusal(answer) == (422, "code-wrong")


def test_without_the_code_nobody_learns_that_digits_would_be_asked(stranger, later):
    ask_for_code(stranger)

    answer = stranger.post("/v1/sign-ins", {"phone": NUMBER, "code": "999999"})
    assert refusal(answer) == (422, "code-wrong")


class TestWhoHasNoMainlandNumber:
    @pytest.fixture
    def id_number(self):
        return None

    def test_goes_to_the_window(self, stranger, later):
        ask_for_code(stranger)

        assert refusal(sign_in(stranger)) == (403, "window-needed")


class TestAHelper:
    """A daughter has no resident of her own; she knows the number of the mother she acts for."""

    @pytest.fixture
    def account(self, session, resident):
        return make_account(session, resident, kind=GrantKind.HELPER, phone=NUMBER)

    def test_types_the_number_of_whom_she_acts_for(self, stranger, later, id_number):
        ask_for_code(stranger)

        assert refusal(sign_in(stranger)) == (422, "id-digits-needed")
        assert sign_in(stranger, id_digits=id_number[-6:]).status_code == 201
