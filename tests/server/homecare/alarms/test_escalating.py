"""Whoever is next is called to the second, once, until somebody has it in hand."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, text

from server.homecare.alarms.escalating import call_next, is_any_due
from server.homecare.alarms.models import AlarmState
from server.homecare.alarms.queries import list_callees
from server.identity.models import Role
from tests.cities import VILLAGE
from tests.factories.alarms import make_alarm, make_callee, make_contact
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_resident, make_staff


@pytest.fixture
def alarm(session, bed, device, daughter):
    return make_alarm(session, bed, device)


def sent(session):
    """Return (kind, phone) of the messages in the outbox, in their order."""
    query = text(
        "SELECT m.kind, c.phone FROM message m JOIN contact c ON c.id = m.contact_id"
        " WHERE m.kind LIKE 'homecare.alarm%' ORDER BY m.id"
    )
    return [tuple(row) for row in session.execute(query)]


class TestTheOrder:
    def test_without_a_word_it_is_made_of_what_is_known(self, session, bed, daughter):
        make_contact(session, bed, "李小明", is_emergency=True)
        worker = make_staff(session, Role.COMMUNITY_WORKER, division_code=VILLAGE)
        worker.phone = "+8613512345678"
        session.flush()

        found = [(row.kind, row.name) for row in list_callees(session, bed.id)]

        assert found == [
            ("contact", "李小明"), ("contact", "李小红"), ("duty", "安康居家"),
            ("community", "王主任"), ("emergency", ""),
        ]  # fmt: skip

    def test_what_the_provider_wrote_down_goes_before(self, session, bed, daughter):
        make_callee(session, bed, 1, "duty", name="夜班")

        assert [row.name for row in list_callees(session, bed.id)] == ["夜班"]

    def test_contacts_are_no_other_provider_s_to_read(self, session, bed, daughter, desk):
        far = make_home_bed(session, make_resident(session), make_provider(session))
        make_contact(session, far, "王小虎")
        session.commit()

        with desk.at_work(writes=False) as own:
            assert list_callees(own, bed.id)[0].name == "李小红"
            assert list_callees(own, far.id) == []


def test_the_next_is_called_after_three_minutes_to_the_second(session, alarm, daughter, steps_of):
    with time_machine.travel(alarm.raised_at, tick=False) as travelled:
        assert call_next(session) == 1
        travelled.shift(timedelta(seconds=179))
        assert (is_any_due(session), call_next(session)) == (False, 0)
        travelled.shift(timedelta(seconds=1))
        assert (is_any_due(session), call_next(session)) == (True, 1)

    assert steps_of(alarm) == [
        (AlarmState.RAISED, 0, None),
        (AlarmState.CALLED, 1, "contact"),
        (AlarmState.CALLED, 2, "duty"),
    ]
    assert sent(session) == [
        ("homecare.alarm_sos", daughter.phone),
        ("homecare.alarm_sos", "0356-1234567"),
    ]


def test_last_the_provider_is_told_to_call_120_and_nobody_is_called_again(
    session, alarm, site, steps_of
):
    manager = make_staff(session, Role.HOME_CARE_PROVIDER, site_id=site.id)
    manager.phone = "+8613511112222"
    session.flush()
    with time_machine.travel(alarm.raised_at, tick=False) as travelled:
        for _ in range(6):
            call_next(session)
            travelled.shift(timedelta(minutes=3))

    session.refresh(alarm)
    assert (alarm.state, alarm.calls, alarm.next_at) == (AlarmState.CALLED, 3, None)
    assert steps_of(alarm)[-1] == (AlarmState.CALLED, 3, "emergency")
    assert sent(session)[-1] == ("homecare.alarm_nobody_came", "+8613511112222")


def test_many_are_called_by_as_few_statements_as_one(session, site, counted):
    beds = [make_home_bed(session, make_resident(session), site) for _ in range(4)]
    make_alarm(session, beds[0])
    one = counted(lambda: call_next(session))
    for bed in beds[1:]:
        make_alarm(session, bed)

    assert counted(lambda: call_next(session)) == one


@pytest.fixture
def counted(session):
    """How many statements something runs."""

    def count(work):
        seen = []
        connection = session.connection()
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", listener)
        work()
        event.remove(connection, "before_cursor_execute", listener)
        return len(seen)

    return count
