"""From the outbox to a provider: each once, none lost, and nothing that is too late."""

import signal
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from scheduler import delivery, sending
from scheduler.gateways import HttpGateway, Refused, TryLater
from scheduler.nudges import Nudges
from server import clock
from server.db.sessions import transaction
from tests.cities import CITY
from tests.scheduler.provider import Provider, started, until

pytestmark = pytest.mark.long


class Recorder:
    """A gateway that keeps what it is given, and fails as it is told."""

    def __init__(self, trouble=None):
        self.got = []
        self.trouble = trouble

    def send(self, message):
        self.got.append(message)
        if self.trouble is not None:
            raise self.trouble


def deliver(gateway, stop=None):
    return delivery.deliver_batch(gateway, stop or Event())


def test_a_message_is_said_in_its_contacts_language(connection, ask, statuses):
    ask(language="en", facts={"code": "048213"})
    gateway = Recorder()

    assert deliver(gateway) == 1

    (sent,) = gateway.got
    assert sent.phone == "+8613800000000"
    assert sent.text.startswith("[Yinling] Your sign-in code is 048213.")
    assert statuses() == {"sent": 1}


def test_a_sent_message_is_not_sent_again(connection, ask):
    ask(3)
    gateway = Recorder()
    assert [deliver(gateway), deliver(gateway)] == [3, 0]
    assert len(gateway.got) == 3


def test_a_batch_is_bounded(connection, ask, statuses):
    ask(delivery.BATCH + 5)
    assert deliver(Recorder()) == delivery.BATCH
    assert statuses() == {"sent": delivery.BATCH, "waiting": 5}


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (TryLater("http-503"), "waiting"),
        (Refused("http-400"), "failed"),
        (KeyError("x"), "waiting"),
    ],
    ids=["later", "never", "a broken gateway"],
)
def test_trouble_decides_what_becomes_of_a_message(connection, ask, statuses, trouble, status):
    ask()
    deliver(Recorder(trouble))
    assert statuses() == {status: 1}


def test_a_message_whose_facts_cannot_be_read_stops_nobody(connection, ask, statuses):
    ask(2)
    with transaction() as session:
        session.execute(
            text("UPDATE message SET facts_cipher = 'broken' WHERE subject = 'sign-in:0'")
        )
    deliver(Recorder())
    assert statuses() == {"sent": 1, "failed": 1}


def test_an_expired_message_is_never_sent(connection, ask, statuses):
    ask(expires_at=clock.now() - timedelta(seconds=1))
    gateway = Recorder()
    deliver(gateway)
    assert gateway.got == []
    assert statuses() == {"expired": 1}


def test_a_message_that_expires_in_the_workers_hands_is_not_sent(
    connection, ask, statuses, monkeypatch
):
    ask(expires_at=clock.now() + timedelta(minutes=5))
    monkeypatch.setattr(sending.rules, "is_expired", lambda expires_at, now: True)
    gateway = Recorder()
    deliver(gateway)
    assert gateway.got == []
    assert statuses() == {"expired": 1}


def test_a_worker_that_is_stopped_puts_back_what_it_did_not_begin(connection, ask, statuses):
    ask(2)
    stop = Event()
    stop.set()
    gateway = Recorder()
    deliver(gateway, stop)
    assert gateway.got == []
    assert statuses() == {"waiting": 2}
    assert deliver(gateway) == 2


def test_nothing_is_begun_that_could_outlast_the_lease(connection, ask, statuses, monkeypatch):
    ask()
    monkeypatch.setattr(delivery, "ONE_SENDING", timedelta(seconds=61))
    gateway = Recorder()
    deliver(gateway)
    assert gateway.got == []
    assert statuses() == {"waiting": 1}


def test_a_database_that_restarts_is_waited_for_before_it_is_told(
    connection, ask, statuses, monkeypatch
):
    ask()
    write_down, failures = delivery._write_down, [OperationalError("x", None, Exception())] * 2

    def failing_twice(outcomes):
        if failures:
            raise failures.pop()
        write_down(outcomes)

    monkeypatch.setattr(delivery, "_write_down", failing_twice)
    monkeypatch.setattr(delivery, "WRITE_DOWN_AGAIN_AFTER_S", (0.0, 0.0, 0.0))
    deliver(Recorder())
    assert statuses() == {"sent": 1}


def test_a_quiet_outbox_leaves_no_act(connection, as_platform):
    deliver(Recorder())
    with transaction(writes=False) as session:
        acts = text("SELECT count(*) FROM act WHERE action = 'timetable.deliver_messages'")
        assert session.execute(acts).scalar_one() == 0


def test_a_nudge_brings_a_message_out_at_once(own_city, ask, monkeypatch):
    monkeypatch.setattr(delivery, "LOOK_EVERY_S", 30.0)
    stop, gateway = Event(), Recorder()
    nudges = Nudges(own_city.app_url, CITY, stop)
    nudges.wait(0.01)
    worker = Thread(
        target=delivery.deliver_until,
        args=(stop,),
        kwargs={"city_code": CITY, "gateway": gateway, "nudges": nudges},
    )
    worker.start()

    ask()
    until(lambda: gateway.got, within_s=2)

    stop.set()
    ask(subject="another")
    worker.join(5)
    assert not worker.is_alive()


def test_workers_side_by_side_send_each_message_once(own_city, ask, statuses):
    ask(200)
    with Provider(takes_s=0.001).open() as provider:
        gateway = HttpGateway(provider.url)
        stop = Event()
        workers = [
            Thread(
                target=delivery.deliver_until,
                args=(stop,),
                kwargs={
                    "city_code": CITY,
                    "gateway": gateway,
                    "nudges": Nudges(own_city.app_url, CITY, stop),
                },
            )
            for _ in range(4)
        ]
        for worker in workers:
            worker.start()
        try:
            until(lambda: statuses() == {"sent": 200})
        finally:
            stop.set()
            for worker in workers:
                worker.join()
    assert len(provider.asked) == 200
    assert set(provider.asked.values()) == {1}


def test_a_killed_worker_loses_nothing_and_repeats_only_under_the_same_id(own_city, ask, statuses):
    ask(300)
    with Provider(takes_s=0.02).open() as provider:
        sms = {"YINLING_SMS_GATEWAY": "http", "YINLING_SMS_URL": provider.url}
        with started("tests.scheduler.ticking", own_city, **sms) as first:
            until(lambda: len(provider.asked) > 100)
            first.send_signal(signal.SIGKILL)
        assert len(provider.asked) < 300
        assert statuses()["leased"] > 0

        later = {"YINLING_CLOCK_SHIFT_SECONDS": "120"}
        with started("tests.scheduler.ticking", own_city, **sms, **later) as second:
            until(lambda: statuses() == {"sent": 300})
            second.terminate()

    assert len(provider.asked) == 300
    repeated = [key for key, times in provider.asked.items() if times > 1]
    assert len(repeated) <= delivery.BATCH
    assert max(provider.asked.values()) <= 2
