"""signOutWorker"""

from tests.mobile_api.refusals import refusal


def test_the_phone_is_let_go(workers_phone):
    assert workers_phone.send("DELETE", "/v1/worker-sign-ins/current").status_code == 204

    assert refusal(workers_phone.get("/v1/work-visits")) == (401, "sign-in-needed")


def test_an_elder_signs_out_elsewhere(phone):
    answer = phone.send("DELETE", "/v1/worker-sign-ins/current")

    assert refusal(answer) == (403, "not-allowed")
