"""One call for help that comes many times, and many schedulers that call whoever is next."""

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.returns.batches import give_sites
from server.homecare.alarms import escalating, raising
from server.homecare.alarms.answering import take_in_hand
from server.homecare.alarms.errors import AlarmTaken
from server.homecare.alarms.models import AlarmKind
from server.homecare.alarms.raising import Signal, raise_alarms
from server.identity.models import Role
from server.identity.scopes import ALARMS
from server.identity.service.api_keys import issue_key
from tests.concurrency.racing import as_owner, look, race
from tests.factories.alarms import make_alarm, make_call_device, make_contact
from tests.factories.home_beds import Office
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_resident

CALLS = "SELECT number, count(*) FROM alarm_step WHERE state = 'called' GROUP BY number ORDER BY 1"
ALARMS_THERE = "SELECT count(*), sum(signals)::int FROM home_alarm"
SIGNALS = "SELECT count(*) FROM alarm_signal"


@sessions.in_transaction
def act(deed, *, session):
    return deed(session)


@pytest.fixture
def bed(settle):
    def make(session):
        bed = make_home_bed(session, make_resident(session), make_provider(session))
        make_contact(session, bed)
        session.expunge(bed)
        return bed

    return settle(make)


class TestTwentySchedulers:
    @pytest.fixture
    def alarm(self, settle, bed):
        return settle(lambda session: make_alarm(session, bed, ago=1).id)

    def test_call_whoever_is_next_once(self, own_city, platform, alarm):
        race([escalating.call_next] * 20, act)

        assert look(own_city, CALLS) == [(1, 1)]

    def test_the_database_knows_a_step_once(self, own_city, platform, alarm, monkeypatch):
        bare = str(escalating.CALL_NEXT).replace("FOR UPDATE SKIP LOCKED", "")
        monkeypatch.setattr(escalating, "CALL_NEXT", text(bare))
        race([escalating.call_next] * 20, act)

        assert look(own_city, CALLS) == [(1, 1)]

    def test_without_the_guards_call_more_than_once(self, own_city, platform, alarm, monkeypatch):
        as_owner(
            own_city, "ALTER TABLE alarm_step DROP CONSTRAINT uq_alarm_step_alarm_id_state_number"
        )
        bare = str(escalating.CALL_NEXT).replace("FOR UPDATE SKIP LOCKED", "")
        bare = bare.replace("ON CONFLICT (alarm_id, state, number) DO NOTHING", "")
        monkeypatch.setattr(escalating, "CALL_NEXT", text(bare))
        race([escalating.call_next] * 20, act)

        assert look(own_city, CALLS) > [(1, 1)]


class TestTwentySignals:
    @pytest.fixture
    def send(self, settle, bed):
        """Sends signals of the home's device by a key of its own: `send(Signal)`."""

        def make(session):
            device = make_call_device(session, bed)
            issued = issue_key(
                session, owner="网关", purpose="报警", scopes=[ALARMS], fields=["outcome"],
                rate_per_minute=6000, days=1,
            )  # fmt: skip
            give_sites(session, issued.key.id, [bed.site_id])
            return device.serial, issued.token

        serial, token = settle(make)

        def send(event_id):
            with acting(Act(Face.OPEN_API, "tests", "test", token=token)):
                one = Signal(serial, event_id, AlarmKind.SOS, clock.now())
                [told] = act(lambda session: raise_alarms(session, [one]))
                return told.value

        return send

    def test_of_one_press_are_one(self, own_city, send):
        assert race(["e1"] * 20, send) == {"raised": 1, "known": 19}
        assert look(own_city, ALARMS_THERE) == [(1, 1)]

    def test_of_many_presses_join_one_alarm(self, own_city, send):
        outcomes = race([f"e{number}" for number in range(20)], send)

        assert outcomes == {"raised": 1, "joined": 19}
        assert look(own_city, ALARMS_THERE) == [(1, 20)]
        assert look(own_city, SIGNALS) == [(20,)]

    def test_without_the_guards_are_many_alarms(self, own_city, send, monkeypatch):
        as_owner(own_city, "DROP INDEX uq_home_alarm_one_open")
        bare = str(raising.RAISE)
        cut = bare[bare.index("ON CONFLICT") : bare.index("RETURNING")]
        monkeypatch.setattr(raising, "RAISE", text(bare.replace(cut, "")))
        race([f"e{number}" for number in range(20)], send)

        [(alarms, _)] = look(own_city, ALARMS_THERE)
        assert alarms > 1


def test_of_twenty_who_press_one_has_it_in_hand(own_city, settle, bed):
    def make(session):
        alarm = make_alarm(session, bed, ago=1)
        desks = [
            Office(session, Role.HOME_CARE_PROVIDER, site_id=bed.site_id).token for _ in range(6)
        ]
        return alarm.id, desks

    alarm_id, desks = settle(make)

    def press(token):
        with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
            act(lambda session: take_in_hand(session, alarm_id))
            return "mine"

    assert race(desks, press) == {"mine": 1, AlarmTaken.__name__: 5}
