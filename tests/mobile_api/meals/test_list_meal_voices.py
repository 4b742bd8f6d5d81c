"""listMealVoices"""

from tests.mobile_api.meals.eating import eaten


def test_what_was_said_comes_latest_first_and_is_ones_own(
    phone, neighbours_phone, session, resident
):
    meal = eaten(session, resident)
    for kind in ("cold", "suggestion"):
        phone.post(f"/v1/bookings/{meal}/voices", {"kind": kind})

    items = phone.get("/v1/meal-voices").json["items"]

    assert [one["kind"] for one in items] == ["suggestion", "cold"]
    assert neighbours_phone.get("/v1/meal-voices").json["items"] == []
