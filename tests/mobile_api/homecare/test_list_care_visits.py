"""listCareVisits"""

from server.homecare.visits.proving import code_of
from tests.factories.homecare import make_proof
from tests.mobile_api.refusals import refusal


def test_an_elder_sees_who_comes_when(phone, visit, resident):
    [shown] = phone.get(f"/v1/care-visits?resident_id={resident.id}").json["items"]

    assert (shown["id"], shown["worker_name"], shown["site_name"]) == (
        visit.id, "王主任", "安康居家",
    )  # fmt: skip
    assert shown["code"] == code_of(visit.id)


def test_what_is_confirmed_shows_no_code(phone, session, visit):
    make_proof(session, visit, confirmed_by="tap", confirmed_at=visit.starts_at)

    [shown] = phone.get("/v1/care-visits").json["items"]
    assert (shown["is_confirmed"], shown["code"]) == (True, None)


def test_neighbours_know_nothing_of_it(neighbours_phone, visit, resident):
    assert neighbours_phone.get("/v1/care-visits").json["items"] == []
    asked = neighbours_phone.get(f"/v1/care-visits?resident_id={resident.id}")
    assert refusal(asked) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, visit, resident):
    assert help_within("book_meals").get("/v1/care-visits").json["items"] == []


def test_a_helper_who_may_see_visits_sees_them(help_within, visit):
    assert len(help_within("see_visits").get("/v1/care-visits").json["items"]) == 1
