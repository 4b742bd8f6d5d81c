"""signIn"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.residents.models import GrantKind
from tests.factories.people import make_account, make_resident
from tests.mobile_api.refusals import refusal, sentences, standing

NUMBER = "13800001111"
CODE = "204060"


@pytest.fixture(autouse=True)
def known_code(monkeypatch):
    monkeypatch.setattr("server.identity.service.accounts.secrets.randbelow", lambda _: int(CODE))


@pytest.fixture
def account(session, resident):
    return make_account(session, resident, phone=NUMBER)


@pytest.fixture
def asked(stranger, account):
    """A phone that has asked for its code."""
    assert stranger.post("/v1/sign-in-codes", {"phone": NUMBER}).status_code == 202
    return stranger


def sign_in(phone, code=CODE, number=NUMBER, **given):
    return phone.post("/v1/sign-ins", {"phone": number, "code": code} | given)


def tries_left(session):
    session.commit()
    return session.execute(text("SELECT tries_left FROM sign_in_code")).scalars().all()


def test_the_code_opens_the_door(asked, session, account, resident):
    response = sign_in(asked, device_label="妈妈的手机 👵")

    assert response.status_code == 201, response.text
    me = response.json["account"]
    assert (me["id"], me["phone_masked"]) == (account.id, "138****1111")
    assert [(one["id"], one["relation"]) for one in me["residents"]] == [(resident.id, "self")]
    asked.token = response.json["token"]
    assert asked.get("/v1/me").json == me
    assert tries_left(session) == []


def test_a_sign_in_lasts_half_a_year(asked, session):
    asked.token = sign_in(asked).json["token"]
    with time_machine.travel(clock.now() + timedelta(days=179), tick=False):
        assert asked.get("/v1/me").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=181), tick=False):
        assert refusal(asked.get("/v1/me")) == (401, "sign-in-needed")


def test_a_helper_signs_in_for_all_her_residents(stranger, session):
    parents = [make_resident(session, name=name) for name in ("陈大明", "林秀兰")]
    make_account(session, *parents, kind=GrantKind.HELPER, phone=NUMBER)
    stranger.post("/v1/sign-in-codes", {"phone": NUMBER})

    residents = sign_in(stranger).json["account"]["residents"]

    assert {one["name"] for one in residents} == {"陈大明", "林秀兰"}
    assert {one["relation"] for one in residents} == {"helper"}


def test_a_number_written_otherwise_is_the_same_number(asked):
    assert sign_in(asked, number="+86 138-0000-1111").status_code == 201


def test_a_wrong_code_is_refused_and_the_try_counts(asked, session):
    response = sign_in(asked, "000000")

    assert refusal(response) == (422, "code-wrong")
    assert response.json["tries_left"] == 4
    assert tries_left(session) == [4]
    assert sentences(asked, lambda: sign_in(asked, "000000")) == [
        "验证码不对。请对照短信再输一遍，还可以试 3 次。",
        "That is not the code we sent. Please look at the message and type it again."
        " Tries left: 2.",
    ]
    assert sign_in(asked).status_code == 201


def test_after_five_wrong_tries_even_the_right_code_is_refused(asked, session):
    before = standing(session)
    left = [sign_in(asked, "000000").json["tries_left"] for _ in range(5)]

    assert left == [4, 3, 2, 1, 0]
    assert refusal(sign_in(asked)) == (422, "code-expired")
    assert standing(session) == before
    assert sentences(asked, lambda: sign_in(asked)) == [
        "验证码已经失效，可能过了 5 分钟、用过了，或者输错太多次。请重新获取验证码。",
        "This code no longer works: it is older than five minutes, was used,"
        " or was mistyped too often. Please ask for a new one.",
    ]


def test_a_new_code_brings_new_tries(asked, session):
    for _ in range(5):
        sign_in(asked, "000000")
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        asked.post("/v1/sign-in-codes", {"phone": NUMBER})

        assert tries_left(session) == [5]
        assert sign_in(asked).status_code == 201


def test_a_code_expires_after_five_minutes(asked, session):
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert refusal(sign_in(asked)) == (422, "code-expired")


def test_a_code_opens_the_door_once(asked):
    assert sign_in(asked).status_code == 201
    assert refusal(sign_in(asked)) == (422, "code-expired")


def test_a_code_belongs_to_its_phone(asked, session):
    assert refusal(sign_in(asked, number="13900001111")) == (422, "code-expired")


def test_an_unknown_phone_cannot_be_told_from_a_wrong_code(stranger, session, account):
    stranger.post("/v1/sign-in-codes", {"phone": "13900001111"})

    response = sign_in(stranger, number="13900001111")

    assert refusal(response) == (422, "code-wrong")
    assert response.json["tries_left"] == 4


@pytest.mark.parametrize("code", ["２０４０６０", "204 060", "204-060"])
def test_the_code_is_read_however_a_keyboard_writes_it(asked, code):
    assert sign_in(asked, code).status_code == 201


@pytest.mark.parametrize("code", ["👵", "' OR '1'='1", "20406", "2040600", "𠮷"])
def test_what_is_not_the_code_is_a_wrong_code(asked, code):
    assert refusal(sign_in(asked, code)) == (422, "code-wrong")


def test_the_token_is_not_in_the_database(asked, session):
    token = sign_in(asked).json["token"]
    session.commit()

    kept = session.execute(text("SELECT sign_in::text FROM sign_in")).scalars().all()

    assert kept
    assert not [row for row in kept if token in row or token.encode().hex() in row]
