"""The inbox of a phone: the latest first, page by page."""


def test_the_latest_stands_first_and_unread_ones_are_counted(written, phone):
    found = phone.get("/v1/messages").json
    assert [one["text"][-12:] for one in found["items"]] != []
    assert [one["is_seen"] for one in found["items"]] == [False] * 3
    assert (found["unread"], found["next_cursor"]) == (3, None)
    assert (found["items"][0]["topic"], found["items"][0]["context"]) == ("care", "care_order")
    assert phone.get("/v1/me").json["unread_messages"] == 3


def test_pages_go_on_where_the_last_one_ended(written, phone):
    first = phone.get("/v1/messages?limit=2").json
    second = phone.get(f"/v1/messages?limit=2&cursor={first['next_cursor']}").json
    ids = [one["id"] for one in [*first["items"], *second["items"]]]
    assert len(set(ids)) == 3
    assert second["next_cursor"] is None


def test_an_unknown_filter_is_refused(phone):
    assert phone.get("/v1/messages?kind=x").status_code == 422


def test_the_list_asks_as_often_for_many_as_for_few(written, phone, count_statements):
    with count_statements() as few:
        phone.get("/v1/messages")
    written(20)
    with count_statements() as many:
        phone.get("/v1/messages")
    assert len(few) == len(many)
