"""getHomeBed"""

import pytest

from server.homecare.beds.applying import pass_precheck, refuse, take_up
from tests.factories.alarms import make_alarm
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


@pytest.fixture
def address(asked_bed):
    return f"/v1/home-beds/{asked_bed['id']}"


def test_what_is_done_has_its_day(phone, session, asked_bed, address):
    take_up(session, asked_bed["id"])
    pass_precheck(session, asked_bed["id"])
    session.commit()

    steps = {step["state"]: step for step in phone.get(address).json["steps"]}

    assert steps["precheck"]["done_on"] == asked_bed["since"]
    assert steps["assessment"]["is_now"]
    assert steps["notice"]["done_on"] is None


def test_a_refusal_says_why(phone, session, asked_bed, address):
    refuse(session, asked_bed["id"], reason="不在本市居住")
    session.commit()

    shown = phone.get(address).json

    assert (shown["state"], shown["end_reason"], shown["end_note"]) == (
        "ended", "refused", "不在本市居住",
    )  # fmt: skip
    assert not shown["can_withdraw"]


def test_a_stranger_does_not_find_it(app, session, neighbour, address):
    account = make_account(session, neighbour)
    stranger = Phone(app.test_client(), session, make_sign_in(session, account=account))

    assert refusal(stranger.get(address)) == (404, "not-found")


def test_what_was_called_for_is_told_with_who_answered_and_after_how_long(
    phone, session, bed, worker
):
    worker.display_name = "段暖"
    make_alarm(session, bed, ago=300, answered=(worker, 100))
    make_alarm(session, bed, ago=30)

    waits, answered = phone.get(f"/v1/home-beds/{bed.id}").json["alarms"]

    assert (waits["waited_seconds"], waits["is_over"]) == (None, False)
    assert (answered["waited_seconds"], answered["answered_by"]) == (100, "段*")
