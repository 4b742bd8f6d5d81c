"""nameHelper: somebody who may act for oneself."""

import pytest

from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


def test_a_helper_is_named_and_shown(phone, address, daughter):
    named = phone.post(address, daughter)

    assert named.status_code == 201
    assert named.json["name"] == "王丽"
    assert named.json["scopes"] == ["book_meals"]
    listed = phone.get(address).json["items"]
    assert [(one["name"], one["is_self"], one["lasts"]) for one in listed] == [
        ("", True, True),
        ("王丽", False, True),
    ]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"phone": "0356-2022222"}, 422, "phone-number-unusable"),
        ({"phone": "123"}, 422, "input-unusable"),
        ({"name": ""}, 422, "input-unusable"),
        ({"relation": "boss"}, 422, "input-unusable"),
        ({"scopes": ["everything"]}, 422, "input-unusable"),
        ({"kind": "self"}, 422, "input-unusable"),
    ],
)
def test_what_cannot_be_is_refused(phone, address, changed, status, code, daughter):
    answer = phone.post(address, daughter | changed)

    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{code}")


def test_the_same_helper_twice_is_told(phone, address, daughter):
    phone.post(address, daughter)

    assert phone.post(address, daughter).json["type"] == "/problems/already-helps"


def test_a_helper_without_the_scope_books_no_meal(phone, app, session, resident, address, daughter):
    phone.post(address, daughter | {"scopes": ["see_visits"]})
    account = make_account(session, phone="13900001234")
    helper = Phone(app.test_client(), session, make_sign_in(session, account=account))

    answer = helper.book(make_sitting(session, make_canteen(session)), resident)

    assert (answer.status_code, answer.json["type"]) == (403, "/problems/outside-scope")
    assert "窗口" in answer.json["detail"]
