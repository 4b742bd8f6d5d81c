"""Every reading carries its ETag; who has the answer already is sent none."""

import pytest

from tests.factories.meals import make_sitting

PATHS = (
    "/v1/me",
    "/v1/canteens?resident_id={resident}",
    "/v1/canteens/{canteen}?resident_id={resident}",
    "/v1/canteens/{canteen}/menu",
    "/v1/canteens/{canteen}/places",
    "/v1/sittings/{sitting}/quote?resident_id={resident}",
    "/v1/bookings",
    "/v1/bookings/{booking}",
    "/v1/sites?resident_id={resident}",
    "/v1/ping",
)


@pytest.fixture
def there(phone, resident, session):
    sitting = make_sitting(session)
    booking = phone.book(sitting, resident).json["id"]
    return {
        "resident": resident.id,
        "sitting": sitting.id,
        "canteen": sitting.canteen_id,
        "booking": booking,
    }


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_who_has_it_is_sent_nothing(phone, there, path):
    path = path.format(**there)
    first = phone.get(path)

    again = phone.get(path, **{"If-None-Match": first.headers["ETag"]})
    stale = phone.get(path, **{"If-None-Match": '"another"'})

    assert (again.status_code, again.data) == (304, b"")
    assert (stale.status_code, stale.json) == (200, first.json)


@pytest.mark.parametrize("path", PATHS)
def test_only_the_menu_may_be_kept_by_others(phone, there, path):
    cacheable = phone.get(path.format(**there)).headers["Cache-Control"]

    assert ("public" in cacheable) == path.endswith("/menu")
    assert "no-cache" in cacheable


def test_a_refusal_has_no_etag(phone):
    assert "ETag" not in phone.get("/v1/bookings/1").headers


def test_a_change_is_seen(phone, there):
    path = f"/v1/bookings/{there['booking']}"
    etag = phone.get(path).headers["ETag"]
    phone.post(f"{path}/cancellation")

    assert phone.get(path, **{"If-None-Match": etag}).status_code == 200
