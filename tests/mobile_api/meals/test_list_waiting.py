"""listWaiting"""


def test_what_is_offered_comes_first(phone, waiting, offered):
    items = phone.get("/v1/meal-waiting").json["items"]

    assert [(one["id"], one["state"]) for one in items] == [
        (offered.id, "offered"),
        (waiting.id, "waiting"),
    ]


def test_a_stranger_sees_none(neighbours_phone, resident, waiting):
    assert neighbours_phone.get("/v1/meal-waiting").json["items"] == []
    path = f"/v1/meal-waiting?resident_id={resident.id}"
    assert neighbours_phone.get(path).status_code == 404
