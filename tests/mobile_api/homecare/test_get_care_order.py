"""getCareOrder"""

from server.homecare.orders.serving import assign
from tests.mobile_api.refusals import refusal


def test_it_says_who_comes(phone, session, placed, worker):
    assign(session, placed["id"], worker_id=worker.id)

    shown = phone.get(f"/v1/care-orders/{placed['id']}").json
    assert (shown["state"], shown["worker_name"]) == ("assigned", "王主任")
    assert shown["visit_id"] is not None


def test_a_stranger_finds_nothing(neighbours_phone, placed):
    answer = neighbours_phone.get(f"/v1/care-orders/{placed['id']}")

    assert refusal(answer) == (404, "not-found")


def test_a_helper_who_may_not_see_visits_is_not_led_to_one(help_within, session, placed, worker):
    assign(session, placed["id"], worker_id=worker.id)

    shown = help_within("apply").get(f"/v1/care-orders/{placed['id']}").json
    assert (shown["worker_name"], shown["visit_id"]) == ("王主任", None)
