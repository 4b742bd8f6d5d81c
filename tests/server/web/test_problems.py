"""How a failure becomes a problem."""

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from server.db.sessions import TryAgain
from server.i18n.catalogues import in_language
from server.web.problems import ProblemApi, pointers, sentence_of

NESTED = st.recursive(
    st.text(min_size=1),
    lambda inner: st.dictionaries(st.integers(), inner, min_size=1, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    "failure",
    [OperationalError("", {}, Exception()), NoConnectionFree(), TryAgain()],
    ids=["lost", "no connection free", "lost every race"],
)
def test_a_busy_database_asks_for_patience(failure):
    app = Flask(__name__)
    app.config.update(API_TITLE="t", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    ProblemApi(app)

    @app.get("/")
    def fail():
        raise failure

    response = app.test_client().get("/")

    assert response.status_code == 503
    assert response.json["type"] == "/problems/not-available-now"
    assert response.headers["Retry-After"] == "2"


def test_a_fault_says_nothing_of_its_cause():
    app = Flask(__name__)
    app.config.update(API_TITLE="t", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    ProblemApi(app)

    @app.get("/")
    def fail():
        raise RuntimeError("the password is swordfish")

    response = app.test_client().get("/")

    assert (response.status_code, response.json["type"]) == (500, "/problems/server-fault")
    assert "swordfish" not in response.text


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        ("Missing data for required field.", "这一项要填。"),
        ("Must be greater than or equal to 1 and less than or equal to 9.", "应该在 1 到 9 之间。"),
        ("Must be greater than or equal to 1.", "不能小于 1。"),
        ("Must be less than or equal to 9.", "不能大于 9。"),
        ("Longer than maximum length 200.", "最多 200 个字。"),
        ("Shorter than minimum length 2.", "最少 2 个字。"),
        ("Length must be between 5 and 30.", "要 5 到 30 个字。"),
        ("Must be one of: zh-CN, en.", "只能是其中之一：zh-CN, en。"),
        ("A message that nobody foresaw.", "A message that nobody foresaw."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_field_is_said_in_chinese(message, chinese):
    with in_language("zh-CN"):
        assert sentence_of(message) == chinese


def test_places_in_the_input_become_pointers():
    messages = {"json": {"dishes": {1: {"name": ["a", "b"]}}, "_schema": ["c"]}}

    assert [(one["pointer"], one["detail"]) for one in pointers(messages)] == [
        ("/dishes/1/name", "a"),
        ("/dishes/1/name", "b"),
        ("", "c"),
    ]


@given(messages=NESTED)
@settings(max_examples=40)
def test_no_message_is_lost(messages):
    def leaves(inner):
        if isinstance(inner, dict):
            return sum(leaves(one) for one in inner.values())
        return 1

    assert len(list(pointers(messages))) == leaves(messages)
