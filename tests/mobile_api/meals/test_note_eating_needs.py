"""noteEatingNeeds"""

import pytest

from tests.factories.meals import make_sitting
from tests.mobile_api.refusals import faulty_fields, refusal

SOFT = {"usual_diet": "soft", "allergens": ["egg", "fish"], "dislikes": ["辣"]}


@pytest.fixture
def note(resident):
    return lambda phone, needs: phone.send(
        "PUT", f"/v1/residents/{resident.id}/eating-needs", needs
    )


def test_what_is_noted_is_shown_and_the_last_one_holds(phone, resident, note):
    note(phone, SOFT)
    answer = note(phone, SOFT | {"allergens": ["milk"], "dislikes": ["辣", "辣", "羊肉"]})

    assert answer.status_code == 200
    shown = phone.get(f"/v1/residents/{resident.id}/eating-needs").json
    assert (shown["allergens"], shown["dislikes"]) == (["milk"], ["辣", "羊肉"])


def test_a_booking_that_says_nothing_is_cooked_so(phone, session, resident, note):
    note(phone, SOFT)
    first, second = make_sitting(session), make_sitting(session, in_days=2)

    usual = phone.book(first, resident)
    other = phone.send(
        "POST", "/v1/bookings",
        {"sitting_id": second.id, "resident_id": resident.id, "diet": "low_salt"},
    )  # fmt: skip

    assert (usual.json["diet"], other.json["diet"]) == ("soft", "low_salt")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"usual_diet": "raw"}, "/usual_diet"),
        ({"allergens": ["dust"]}, "/allergens/0"),
        ({"dislikes": ["辣"] * 11}, "/dislikes"),
    ],
)
def test_what_is_not_known_is_refused(phone, note, wrong, field):
    assert list(faulty_fields(note(phone, SOFT | wrong))) == [field]


def test_nobody_notes_for_a_stranger(neighbours_phone, note):
    assert refusal(note(neighbours_phone, SOFT)) == (404, "not-found")
