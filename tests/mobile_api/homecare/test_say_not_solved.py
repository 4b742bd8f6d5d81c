"""sayNotSolved"""

import pytest

from tests.factories.homecare import make_wish
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def wish(session, visit):
    return make_wish(session, visit)


def say(phone, wish, words="还是没来"):
    return phone.post(f"/v1/care-wishes/{wish.id}/follow-up", {"words": words})


def test_it_goes_to_the_county_and_is_said_once(phone, wish):
    said = say(phone, wish).json

    assert (said["is_with_county"], said["can_follow_up"]) == (True, False)
    assert refusal(say(phone, wish)) == (409, "said-already")


def test_what_nobody_answered_is_not_called_unsolved(phone, session, visit):
    waiting = make_wish(session, visit, answer="", answered_at=None)

    assert refusal(say(phone, waiting)) == (409, "not-answered-yet")


def test_nothing_is_no_word(phone, wish):
    assert list(faulty_fields(say(phone, wish, words=""))) == ["/words"]


def test_nobody_speaks_for_a_stranger(neighbours_phone, wish):
    assert refusal(say(neighbours_phone, wish)) == (404, "not-found")
