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
