"""sendCollections"""

from datetime import timedelta

import pytest

from server import clock
from server.meals.counter.keys import find_signer, make_key
from server.meals.queries.bookings import get_booking
from tests.mobile_api.counter.conftest import a_meal, states
from tests.mobile_api.refusals import faulty_fields, refusal


def test_each_meal_is_answered_by_itself(tell, book):
    first, second = book("甲"), book("乙")

    answer = tell(a_meal(first), a_meal(first), a_meal(code="999999", how="code"), a_meal(second))

    assert states(answer) == ["accepted", "already", "refused", "accepted"]
    named = [(one["name"], one["code"]) for one in answer.json["items"]]
    assert named[0] == ("甲", None)
    assert named[1] == ("甲", "already-collected")
    assert named[2] == (None, "meal-code-unknown")


def test_a_signed_code_and_six_digits_name_a_meal_too(session, tell, book):
    make_key(session)
    scanned, said = book("甲"), book("乙")
    token = find_signer(session).token(get_booking(session, scanned.id))

    answer = tell(a_meal(token=token, how="qr"), a_meal(code=said.code, how="code"))

    assert states(answer) == ["accepted", "accepted"]


def test_sent_again_under_its_key_it_is_accepted_again(tell, booking):
    meal = a_meal(booking)
    tell(meal)

    assert states(tell(meal)) == ["accepted"]


def test_a_clock_that_is_wrong_is_put_right_by_the_servers(tablet, canteen, booking):
    """A tablet two days behind says when it sends; the meal is of today all the same."""
    behind = (clock.now() - timedelta(days=2)).isoformat()
    body = {"sent_at": behind, "collections": [a_meal(booking, at=behind)]}

    answer = tablet.post(f"/v1/counter/canteens/{canteen.site_id}/collections", body)

    assert states(answer) == ["accepted"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "short"},
        {"how": "walk_in"},
        {"how": "staff"},
        {"code": "123456"},
        {"booking_id": None},
        {"surprise": 1},
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(tell, booking, wrong):
    assert faulty_fields(tell(a_meal(booking, **wrong)))


def test_more_than_two_hundred_go_in_parts(tell, booking):
    assert faulty_fields(tell(*[a_meal(booking)] * 201))


def test_staff_enter_a_meal_by_hand_with_a_reason(tell, booking):
    assert states(tell(a_meal(booking, how="staff", reason="没带手机"))) == ["accepted"]


def test_another_canteens_counter_is_not_found(elsewhere, canteen, booking):
    body = {"sent_at": clock.now().isoformat(), "collections": [a_meal(booking)]}

    answer = elsewhere.post(f"/v1/counter/canteens/{canteen.site_id}/collections", body)

    assert refusal(answer) == (404, "not-found")
