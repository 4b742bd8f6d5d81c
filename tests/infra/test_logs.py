"""What the logs say, and what they never say."""

import io
import json
import logging

import pytest
import structlog

from infra import logs
from infra.logs import HIDDEN, bound, hide_personal_data, without_numbers_of_people
from server.db.acts import Actor, note_actor
from server.settings import settings

PRODUCTION = {
    "DATABASE_URL": "postgresql+psycopg://u@/x",
    "YINLING_ENV": "production",
    "YINLING_SECRET_KEY": "a-secret-that-nobody-else-has-ever-seen",
    "YINLING_FIELD_KEYS": "k1:" + "A" * 43 + "=",
    "YINLING_INDEX_KEY": "A" * 43 + "=",
    "YINLING_CONTEXT_KEY": "long-enough-to-be-a-context-key!",
    "YINLING_SMS_GATEWAY": "http",
    "YINLING_SMS_URL": "https://sms.example",
}


@pytest.fixture
def written(monkeypatch):
    """The lines that a process in production writes."""
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(settings(), stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    settings.cache_clear()


@pytest.mark.parametrize(
    "key",
    ["phone", "name", "id_number", "code", "token", "password", "address", "Authorization",
     "resident_name", "sign_in_token", "index_key", "contact_phone"],
)  # fmt: skip
def test_a_personal_or_secret_key_is_never_shown(key):
    assert hide_personal_data(None, "info", {key: "王秀兰 138"}) == {key: HIDDEN}


@pytest.mark.parametrize("key", ["resident_id", "city_code", "job", "status", "file", "step"])
def test_what_is_nobodys_is_shown(key):
    assert hide_personal_data(None, "info", {key: 42}) == {key: 42}


@pytest.mark.parametrize(
    "number",
    ["13812345678", "+8613812345678", "86 138 1234 5678", "138-1234-5678",
     "140502194003071234", "14050219400307123X", "11010519491231002x"],
)  # fmt: skip
def test_a_number_of_a_person_is_hidden_wherever_it_stands(number):
    hidden = without_numbers_of_people(f"被叫 {number}，未接")

    assert not any(part in hidden for part in (number, number[-6:]))
    assert hidden.startswith("被叫 ")


@pytest.mark.parametrize(
    "text", ["12345678901234", "2026-11-22", "booking 812", "0356-2012345", "12349"]
)
def test_other_numbers_stay(text):
    assert without_numbers_of_people(text) == text


def test_numbers_deep_inside_a_value_are_hidden_too():
    event = {"facts": {"to": ["13812345678", {"phone": "x"}], "tries": (1, 13812345678)}}

    hidden = hide_personal_data(None, "info", event)

    assert hidden == {"facts": {"to": [HIDDEN, {"phone": HIDDEN}], "tries": [1, HIDDEN]}}


def test_our_own_lines_carry_the_request_and_who_acts(written):
    note_actor(Actor(sign_in_id=7, account_id=42))
    with bound(request_id="r-1"):
        structlog.get_logger("yinling.test").info("booked", booking_id=812)

    (line,) = written()
    assert (line["event"], line["booking_id"]) == ("booked", 812)
    assert (line["request_id"], line["actor"]) == ("r-1", "account:42")
    assert (line["level"], line["logger"]) == ("info", "yinling.test")
    assert line["timestamp"].endswith("Z")


def test_lines_of_libraries_pass_through_the_same_net(written):
    logging.getLogger("library").warning("sent to %s", "13812345678", extra={"token": "t", "n": 2})

    (line,) = written()
    assert (line["event"], line["token"], line["n"]) == (f"sent to {HIDDEN}", HIDDEN, 2)


def test_an_error_is_told_with_its_place_and_without_numbers_or_variables(written):
    secret = "王秀兰"
    try:
        raise ValueError(f"no such phone 13812345678 of {len(secret)}")
    except ValueError:
        structlog.get_logger("yinling.test").exception("failed")

    (line,) = written()
    assert "test_logs.py" in line["exception"]
    assert f"no such phone {HIDDEN} of 3" in line["exception"]
    assert secret not in line["exception"]
