"""getCounterDay"""

from mobile_api.counter.shown import code_digest
from server.meals.counter.keys import make_key
from server.meals.models import Diet
from tests.mobile_api.refusals import refusal


def day_of(tablet, canteen):
    return tablet.get(f"/v1/counter/canteens/{canteen.site_id}/today")


def test_the_list_names_who_eats_and_holds_no_code(tablet, canteen, book):
    booking = book("李秀英", diet=Diet.SOFT)

    answer = day_of(tablet, canteen)

    [diner] = answer.json["diners"]
    assert (diner["name"], diner["diet"], diner["status"]) == ("李秀英", "soft", "booked")
    digest = code_digest(canteen.site_id, booking.service_on, booking.code)
    assert diner["code_digest"] == digest
    assert f'"{booking.code}"' not in answer.text


def test_public_keys_go_along_and_private_ones_do_not(session, tablet, canteen, sitting):
    make_key(session)

    answer = day_of(tablet, canteen)

    [key] = answer.json["keys"]
    assert (key["number"], len(key["public_key"])) == (1, 64)
    assert "private" not in answer.text


def test_another_canteens_day_is_not_found(elsewhere, canteen):
    assert refusal(day_of(elsewhere, canteen)) == (404, "not-found")


def test_a_long_list_costs_no_more_statements(tablet, canteen, book, count_statements):
    book("甲")
    day_of(tablet, canteen)
    with count_statements() as one:
        day_of(tablet, canteen)
    for name in "乙丙丁戊":
        book(name)
    with count_statements() as five:
        day_of(tablet, canteen)

    assert len(five) == len(one)
