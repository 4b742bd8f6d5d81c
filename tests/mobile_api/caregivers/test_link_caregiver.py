"""linkCaregiver"""

import pytest

from server.caregivers import linking
from tests.factories.caregivers import make_caregiver
from tests.factories.people import an_id_number, make_account
from tests.mobile_api.refusals import refusal

ADDRESS = "/v1/caregiver/link"


def test_the_phone_in_the_file_and_the_end_of_the_number_open_it(phone, caregiver, digits):
    answer = phone.post(ADDRESS, {"id_digits": digits})

    assert answer.status_code == 200
    assert (answer.json["is_linked"], answer.json["name"]) == (True, "孙一兰")
    assert phone.get("/v1/caregiver").json["is_linked"]


def test_doing_it_twice_is_as_good_as_once(phone, linked, digits):
    assert phone.post(ADDRESS, {"id_digits": digits}).status_code == 200


def test_wrong_digits_are_refused_and_counted(phone, caregiver, digits, monkeypatch):
    monkeypatch.setattr(linking, "WRONG_DIGITS", (2, linking.WRONG_DIGITS[1]))
    for _ in range(2):
        answer = phone.post(ADDRESS, {"id_digits": "000000"})
        assert refusal(answer) == (422, "caregiver-not-linked")

    assert refusal(phone.post(ADDRESS, {"id_digits": digits})) == (429, "too-many-looks")


def test_another_phone_learns_nothing(neighbours_phone, caregiver, digits):
    answer = neighbours_phone.post(ADDRESS, {"id_digits": digits})
    assert refusal(answer) == (422, "caregiver-not-linked")


def test_nobody_takes_over_what_another_account_has(session, phone, caregiver, digits):
    caregiver.account_id = make_account(session).id

    answer = phone.post(ADDRESS, {"id_digits": digits})

    assert refusal(answer) == (422, "caregiver-not-linked")


def test_two_caregivers_with_one_phone_are_told_that_each_needs_their_own(session, phone, linked):
    number = an_id_number(7402)
    make_caregiver(session, id_number=number, phone=linked.phone)

    answer = phone.post(ADDRESS, {"id_digits": number[-6:]})

    assert refusal(answer) == (409, "account-linked-already")
    assert phone.get("/v1/caregiver").json["name"] == linked.name


@pytest.mark.parametrize("typed", ["", "12345", "1" * 13])
def test_what_is_no_end_of_a_number_is_refused(phone, caregiver, typed):
    assert phone.post(ADDRESS, {"id_digits": typed}).status_code == 422


def test_a_stranger_signs_in_first(stranger):
    assert stranger.post(ADDRESS, {"id_digits": "123456"}).status_code == 401
