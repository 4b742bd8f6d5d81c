"""listBookings"""

from datetime import timedelta
from itertools import chain

import pytest

from server import clock
from server.meals.models import Meal
from server.residents.models import GrantKind
from server.residents.service import grant
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def week(phone, resident, neighbour, neighbours_phone, session):
    """Seven booked lunches of the resident, and as many of somebody else."""
    canteen = make_canteen(session)
    sittings = [make_sitting(session, canteen, in_days=day) for day in range(1, 8)]
    for sitting in sittings:
        neighbours_phone.book(sitting, neighbour)
    return [phone.book(sitting, resident).json for sitting in reversed(sittings)][::-1]


def listed(phone, query=""):
    return [booking["id"] for booking in phone.get(f"/v1/bookings{query}").json["items"]]


def pages(phone, query):
    """Follow the cursors to the end."""
    found, cursor = [], ""
    while cursor is not None:
        page = phone.get(f"/v1/bookings?limit=2{query}{cursor}").json
        found.append([booking["id"] for booking in page["items"]])
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    return found


def test_what_is_coming_is_listed_soonest_first(phone, week):
    assert phone.get("/v1/bookings").json == {"items": week, "next_cursor": None}


def test_what_was_cancelled_is_past_latest_first(phone, week):
    for booking in week[1:3]:
        phone.post(f"/v1/bookings/{booking['id']}/cancellation")

    assert listed(phone, "?state=past") == [week[2]["id"], week[1]["id"]]
    assert len(listed(phone)) == 5


def test_the_pages_hold_everything_once(phone, week):
    found = pages(phone, "")

    assert [len(page) for page in found] == [2, 2, 2, 1]
    assert list(chain(*found)) == [booking["id"] for booking in week]


def test_pages_stay_whole_while_a_booking_goes_and_another_comes(phone, week, resident, session):
    first = phone.get("/v1/bookings?limit=3").json
    phone.post(f"/v1/bookings/{first['items'][0]['id']}/cancellation")
    phone.book(make_sitting(session, meal=Meal.DINNER), resident)

    second = phone.get(f"/v1/bookings?limit=3&cursor={first['next_cursor']}").json

    ids = [booking["id"] for booking in first["items"] + second["items"]]
    assert ids == [booking["id"] for booking in week[:6]]


def test_past_bookings_have_pages_too(phone, week):
    for booking in week:
        phone.post(f"/v1/bookings/{booking['id']}/cancellation")

    found = list(chain(*pages(phone, "&state=past")))
    assert found == [booking["id"] for booking in reversed(week)]


def test_one_of_several_residents_can_be_asked_for(phone, week, account, session):
    father = make_resident(session)
    today = clock.today()
    grant(session, account_id=account.id, resident_id=father.id, kind=GrantKind.HELPER,
          starts_on=today - timedelta(days=1))  # fmt: skip
    his = phone.book(make_sitting(session), father).json

    assert listed(phone, f"?resident_id={father.id}") == [his["id"]]
    assert len(listed(phone)) == 8


def test_a_strangers_bookings_are_not_found(phone, week, neighbour):
    assert refusal(phone.get(f"/v1/bookings?resident_id={neighbour.id}")) == (404, "not-found")


@pytest.mark.parametrize(
    "change",
    [lambda c: c[:-4], lambda c: "AAAA" + c[4:], lambda c: c + "AA", lambda c: c[::-1]],
    ids=["torn", "another seal", "more", "reversed"],
)
def test_a_changed_cursor_is_refused(phone, week, change):
    cursor = phone.get("/v1/bookings?limit=2").json["next_cursor"]

    assert phone.get(f"/v1/bookings?cursor={cursor}").status_code == 200
    assert refusal(phone.get(f"/v1/bookings?cursor={change(cursor)}")) == (422, "cursor-unusable")


def test_the_cursor_of_another_list_is_refused(phone, resident, session):
    for _ in range(3):
        make_canteen(session)
    path = f"resident_id={resident.id}&limit=1"
    cursor = phone.get(f"/v1/canteens?{path}").json["next_cursor"]

    assert phone.get(f"/v1/canteens?{path}&cursor={cursor}").status_code == 200
    assert refusal(phone.get(f"/v1/sites?{path}&cursor={cursor}")) == (422, "cursor-unusable")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5"])
def test_a_limit_that_is_none_is_named(phone, query):
    assert list(faulty_fields(phone.get(f"/v1/bookings?{query}"))) == ["/limit"]


def test_an_unknown_state_is_named_with_the_choices(phone):
    said = faulty_fields(phone.get("/v1/bookings?state=lost"))

    assert said == {"/state": "只能是其中之一：upcoming, past。"}
