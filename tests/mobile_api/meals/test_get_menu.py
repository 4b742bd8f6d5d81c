"""getMenu"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from mobile_api.meals import canteen_views
from server import clock
from server.meals.models import Meal
from tests.factories.meals import make_canteen, make_sitting
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def canteen(session):
    return make_canteen(session, discount_percent=10)


@pytest.fixture(autouse=True)
def fresh():
    canteen_views._menus.forget()


def test_the_days_stand_in_order_with_their_sittings(stranger, canteen, session):
    lunch = make_sitting(session, canteen, dishes=("豆腐", "鱼", "饭"))
    make_sitting(session, canteen, in_days=3)
    make_sitting(session, canteen, meal=Meal.DINNER, published_at=None)
    today = clock.today()

    menu = stranger.get(f"/v1/canteens/{canteen.site_id}/menu?days=3").json

    assert (menu["canteen_id"], menu["from"]) == (canteen.site_id, today.isoformat())
    assert [day["day"] for day in menu["days"]] == [
        (today + timedelta(days=number)).isoformat() for number in range(3)
    ]
    assert [len(day["sittings"]) for day in menu["days"]] == [0, 1, 0]
    [shown] = menu["days"][1]["sittings"]
    assert (shown["id"], shown["meal"]) == (lunch.id, "lunch")
    assert (shown["serves_from"], shown["serves_until"]) == ("11:00", "12:30")
    assert (shown["list_price_fen"], shown["operator_discount_fen"]) == (1200, 120)
    assert [dish["name"] for dish in shown["dishes"]] == ["豆腐", "鱼", "饭"]


def test_nobody_need_be_signed_in_and_anybody_may_keep_it(stranger, canteen):
    first = stranger.get(f"/v1/canteens/{canteen.site_id}/menu")
    again = stranger.get(
        f"/v1/canteens/{canteen.site_id}/menu", **{"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_published_change_has_another_etag(stranger, canteen, session):
    path = f"/v1/canteens/{canteen.site_id}/menu"
    first = stranger.get(path)
    session.execute(text("UPDATE canteen SET menu_version = menu_version + 1"))
    canteen_views._menus.forget()

    changed = stranger.get(path, **{"If-None-Match": first.headers["ETag"]})

    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_booking_does_not_change_it(phone, canteen, resident, session):
    path = f"/v1/canteens/{canteen.site_id}/menu"
    sitting = make_sitting(session, canteen)
    etag = phone.get(path).headers["ETag"]
    phone.book(sitting, resident)
    canteen_views._menus.forget()

    assert phone.get(path, **{"If-None-Match": etag}).status_code == 304


def test_other_days_have_another_etag(stranger, canteen):
    path = f"/v1/canteens/{canteen.site_id}/menu"

    etags = {stranger.get(f"{path}?days={days}").headers["ETag"] for days in (1, 2, 3)}

    assert len(etags) == 3


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("from=tomorrow", "/from"),
        ("from=2026-02-30", "/from"),
        ("from=9999-12-31", "/from"),
        ("from=0001-01-01", "/from"),
        ("from=20261122", None),
        ("days=0", "/days"),
        ("days=15", "/days"),
        ("days=x", "/days"),
    ],
)
def test_days_that_are_none_are_named(stranger, canteen, query, member):
    response = stranger.get(f"/v1/canteens/{canteen.site_id}/menu?{query}")

    if member is None:
        assert response.status_code == 200
    else:
        assert list(faulty_fields(response)) == [member]


def test_the_reader_is_told_how_a_day_is_written(stranger, canteen):
    response = stranger.get(f"/v1/canteens/{canteen.site_id}/menu?from=22/11")

    assert faulty_fields(response) == {"/from": "日期不对，请写成 2026-11-22 这样。"}


def test_a_canteen_that_is_not_there_is_not_found(stranger):
    assert refusal(stranger.get(f"/v1/canteens/{2**63 - 1}/menu")) == (404, "not-found")
