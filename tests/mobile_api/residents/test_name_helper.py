"""nameHelper: somebody who may act for oneself."""

import pytest

from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account
from tests.mobile_api.refusals import refusal


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


def test_a_helper_without_the_scope_sees_and_books_no_meal(phone, help_within, session, resident):
    booked = phone.book(make_sitting(session, make_canteen(session)), resident).json
    sitting = make_sitting(session, make_canteen(session), in_days=3)
    helper = help_within("see_visits")

    refused = [
        helper.book(sitting, resident),
        helper.get(f"/v1/bookings/{booked['id']}"),
        helper.get(f"/v1/bookings?resident_id={resident.id}"),
        helper.get(f"/v1/sittings/{sitting.id}/quote?resident_id={resident.id}"),
        helper.post(f"/v1/bookings/{booked['id']}/cancellation"),
        helper.send(
            "PUT", f"/v1/residents/{resident.id}/usual-canteen", {"canteen_id": sitting.canteen_id}
        ),
    ]

    assert {refusal(answer) for answer in refused} == {(403, "outside-scope")}
    assert "窗口" in refused[0].json["detail"]
    assert helper.get("/v1/bookings").json["items"] == []
    assert len(phone.get("/v1/bookings").json["items"]) == 1


def test_a_phone_with_an_account_and_one_without_are_answered_alike(
    phone, address, daughter, session
):
    make_account(session, phone=daughter["phone"])
    known = phone.post(address, daughter)
    unknown = phone.post(address, daughter | {"phone": "139 0000 9876"})

    alike = {"id", "starts_on"}
    told = [{k: v for k, v in one.json.items() if k not in alike} for one in (known, unknown)]
    assert told[0] == told[1]


def test_five_helpers_are_many(phone, address, daughter):
    answers = [phone.post(address, daughter | {"phone": f"139 0000 12{n}"}) for n in range(30, 36)]

    assert [one.status_code for one in answers[:5]] == [201] * 5
    assert refusal(answers[5]) == (409, "too-many-helpers")


def test_ten_tries_a_day_are_enough(phone, address, daughter):
    answers = [phone.post(address, daughter) for _ in range(11)]

    assert refusal(answers[9]) == (409, "already-helps")
    assert refusal(answers[10]) == (429, "helpers-tried-too-often")
