"""raiseAlarms: devices call for help, and the first in the order is called at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, true

from server import clock
from server.facilities.returns.batches import give_sites
from server.homecare.alarms.models import AlarmState, HomeAlarm
from server.homecare.alarms.queries import list_open
from server.identity.scopes import ALARMS, HEARTBEATS
from server.identity.service import api_keys
from server.open_api.app import create_app
from tests.factories.alarms import make_alarm, make_call_device, make_contact
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_resident, make_staff


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def bed(session):
    return make_home_bed(session, make_resident(session, name="李秀英"), make_provider(session))


@pytest.fixture
def device(session, bed):
    make_contact(session, bed)
    return make_call_device(session, bed)


@pytest.fixture
def issue(session, bed):
    def give(scope=ALARMS):
        session.connection()
        issued = api_keys.issue_key(
            session, owner="网关", purpose="报警", scopes=[scope], fields=["outcome"],
            rate_per_minute=6000, days=30,
        )  # fmt: skip
        give_sites(session, issued.key.id, [bed.site_id])
        return issued.token

    return give


@pytest.fixture
def send(app, session, issue):
    def post(*signals, token=None):
        headers = {"Authorization": f"Bearer {token or issue()}", "Purpose": "alarm"}
        session.commit()
        answer = app.test_client().post(
            "/v1/alarms", json={"alarms": list(signals)}, headers=headers
        )
        session.commit()
        return answer

    return post


def an_sos(device, event_id, **given):
    at = clock.now().isoformat()
    return {"serial": device.serial, "event_id": event_id, "kind": "sos", "at": at} | given


NO_CLOCK = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"]


def outcomes(answer):
    assert answer.status_code == 200, answer.json
    return [item["outcome"] for item in answer.json["items"]]


def the_alarm(session):
    return session.execute(select(HomeAlarm)).scalar_one()


def test_it_is_raised_and_the_first_is_called_in_the_same_breath(session, send, device, bed):
    assert outcomes(send(an_sos(device, "e1"))) == ["raised"]

    alarm = the_alarm(session)
    assert (alarm.state, alarm.calls, alarm.resident_id) == (
        AlarmState.CALLED, 1, bed.resident_id,
    )  # fmt: skip
    assert (alarm.next_at - alarm.raised_at).seconds == 180
    kinds = session.execute(text("SELECT kind FROM message")).scalars().all()
    assert kinds == ["homecare.alarm_sos"]


def test_the_same_event_again_changes_nothing(session, send, device):
    assert outcomes(send(an_sos(device, "e1"), an_sos(device, "e1"))) == ["raised", "known"]
    assert outcomes(send(an_sos(device, "e1"))) == ["known"]
    assert the_alarm(session).signals == 1


def test_pressed_again_it_joins_the_open_alarm_and_is_counted(session, send, device):
    send(an_sos(device, "e1"))

    assert outcomes(send(an_sos(device, "e2"), an_sos(device, "e3"))) == ["joined"] * 2
    assert the_alarm(session).signals == 3


def test_after_it_is_closed_the_next_press_is_another(session, send, device, bed):
    staff = make_staff(session, "home_care_provider", site_id=bed.site_id)
    make_alarm(
        session, bed, device, ago=60, answered=(staff, 10), state=AlarmState.CLOSED,
        closed_at=clock.now(), outcome="helped",
    )  # fmt: skip

    assert outcomes(send(an_sos(device, "e1"))) == ["raised"]


def test_what_else_a_device_tells_is_an_alarm_of_its_own(session, send, device):
    assert outcomes(send(an_sos(device, "e1"), an_sos(device, "e2", kind="fall"))) == ["raised"] * 2


def test_a_clock_that_is_wrong_costs_nobody_help(session, send, device):
    assert outcomes(send(an_sos(device, "e1", at="1970-01-01T00:00:00Z"))) == ["raised"]
    assert (clock.now() - the_alarm(session).raised_at).seconds < 60


def test_another_provider_s_device_and_none_at_all_are_told_alike(session, send):
    other = make_call_device(
        session, make_home_bed(session, make_resident(session), make_provider(session))
    )
    none = {"serial": "none", "event_id": "e", "kind": "sos", "at": clock.now().isoformat()}

    assert outcomes(send(an_sos(other, "e1"), none)) == ["not_yours"] * 2


def test_a_key_for_heartbeats_raises_none(send, issue, device):
    assert send(an_sos(device, "e1"), token=issue(HEARTBEATS)).status_code == 403


@pytest.mark.parametrize("at", NO_CLOCK)
def test_a_clock_that_shows_no_day_at_all_calls_for_help_and_the_desk_can_read_it(
    send, session, device, at
):
    assert outcomes(send(an_sos(device, "key-1", at=at))) == ["raised"]

    [alarm] = list_open(session, true())
    assert abs(alarm.happened_at - alarm.raised_at) < timedelta(days=51 * 365)
