"""cancelCareOrder"""

from server.homecare.orders.serving import assign
from tests.mobile_api.homecare.conftest import an_event
from tests.mobile_api.refusals import refusal


def test_what_it_kept_is_free_again_and_twice_is_as_good_as_once(phone, placed):
    address = f"/v1/care-orders/{placed['id']}/cancellation"

    assert phone.post(address).json["state"] == "cancelled"
    assert phone.post(address).json["state"] == "cancelled"
    [one] = phone.get("/v1/care-allowances").json["allowances"]
    assert one["left_fen"] == 80_000


def test_a_stranger_cancels_nothing(neighbours_phone, placed):
    answer = neighbours_phone.post(f"/v1/care-orders/{placed['id']}/cancellation")

    assert refusal(answer) == (404, "not-found")


def test_the_worker_is_let_in_and_the_elder_confirms_what_is_then_redeemed(
    phone, send, placed, session, worker, time_machine
):
    visit = assign(session, placed["id"], worker_id=worker.id)
    time_machine.move_to(visit.starts_at)
    send(an_event(visit, "arrive"), an_event(visit, "leave", tasks_done=["bathing"]))
    assert phone.get(f"/v1/care-orders/{placed['id']}").json["can_cancel"] is False

    phone.post(f"/v1/care-visits/{visit.id}/confirmation")

    assert phone.get(f"/v1/care-orders/{placed['id']}").json["state"] == "redeemed"
    assert phone.get("/v1/care-allowances").json["allowances"][0]["redeemed_fen"] == 4000
