"""sendHeartbeats: gateways tell which devices are there, for their own providers' homes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.facilities.returns.batches import give_sites
from server.homecare.devices.models import DeviceDay
from server.identity.scopes import BED_RETURNS, HEARTBEATS
from server.identity.service import api_keys
from server.open_api.app import create_app
from tests.factories.devices import make_device
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_resident


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def site(session):
    return make_provider(session)


@pytest.fixture
def device(session, site):
    return make_device(session, make_home_bed(session, make_resident(session), site))


@pytest.fixture
def issue(session, site):
    def give(scope=HEARTBEATS, sites=None):
        session.connection()
        issued = api_keys.issue_key(
            session, owner="网关", purpose="设备心跳", scopes=[scope], fields=["outcome"],
            rate_per_minute=6000, days=30,
        )  # fmt: skip
        give_sites(session, issued.key.id, [site.id] if sites is None else sites)
        return issued.token

    return give


@pytest.fixture
def send(app, session, issue):
    def post(*beats, token=None):
        headers = {"Authorization": f"Bearer {token or issue()}", "Purpose": "heartbeat"}
        session.commit()
        body = {"beats": [{"serial": serial, "at": at.isoformat()} for serial, at in beats]}
        answer = app.test_client().post("/v1/heartbeats", json=body, headers=headers)
        session.commit()
        return answer

    return post


@pytest.fixture
def noon():
    """A moment of yesterday, far from both midnights."""
    now = clock.now().astimezone(clock.CITY) - timedelta(days=1)
    return now.replace(hour=12, minute=0, second=0, microsecond=0)


def outcomes(answer):
    assert answer.status_code == 200, answer.json
    return [item["outcome"] for item in answer.json["items"]]


def days(session):
    query = select(DeviceDay.day, DeviceDay.beats, DeviceDay.last_at)
    return [tuple(row) for row in session.execute(query.order_by(DeviceDay.day))]


def test_beats_of_a_day_are_one_row(session, send, device, noon):
    beats = [(device.serial, noon + timedelta(minutes=number)) for number in range(3)]

    assert outcomes(send(*beats)) == ["heard"] * 3
    assert days(session) == [(noon.date(), 3, noon + timedelta(minutes=2))]


def test_a_batch_that_comes_again_counts_nothing_again(session, send, device, noon):
    for _ in range(2):
        send((device.serial, noon), (device.serial, noon))
    send((device.serial, noon + timedelta(minutes=5)))

    assert days(session) == [(noon.date(), 2, noon + timedelta(minutes=5))]


def test_another_provider_s_device_and_none_at_all_are_told_alike(session, send, device, noon):
    other = make_device(
        session, make_home_bed(session, make_resident(session), make_provider(session))
    )

    assert outcomes(send((other.serial, noon), ("none", noon))) == ["not_yours"] * 2
    assert days(session) == []


def test_a_device_that_was_taken_away_is_heard_no_more(session, send, device, noon):
    device.removed_on = clock.today()
    session.flush()

    assert outcomes(send((device.serial, noon))) == ["not_yours"]


def test_beats_of_long_ago_and_of_the_future_do_not_count(session, send, device, noon):
    when = [noon - timedelta(days=4), clock.now() + timedelta(minutes=30)]

    assert outcomes(send(*((device.serial, at) for at in when))) == ["out_of_time"] * 2
    assert days(session) == []


def test_more_than_five_hundred_are_refused(send, device, noon):
    assert send(*[(device.serial, noon)] * 501).status_code == 422


def test_a_key_for_something_else_does_not_open(send, issue, device, noon):
    assert send((device.serial, noon), token=issue(BED_RETURNS)).status_code == 403
