"""Somebody has it in hand, says how it ended, and keeps whom to call."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.errors import NotAllowed, NotFound
from server.homecare.alarms.answering import Callee, close_alarm, take_in_hand, write_callees
from server.homecare.alarms.errors import AlarmNotSo, AlarmTaken, CalleesUnusable
from server.homecare.alarms.escalating import call_next
from server.homecare.alarms.models import AlarmKind, AlarmOutcome, AlarmState, CalleeKind
from server.homecare.alarms.queries import (
    Answered,
    Wanted,
    list_callees,
    list_providers,
    list_raised,
)
from server.identity.models import Role
from server.providers.queries import within
from tests.factories.alarms import make_alarm
from tests.factories.home_beds import Office
from tests.factories.homecare import make_provider


@pytest.fixture
def alarm(session, bed, device, desk):
    made = make_alarm(session, bed, device, ago=100)
    session.commit()
    return made


def test_in_hand_nobody_else_is_called(session, alarm, desk, steps_of):
    desk.does(take_in_hand, alarm.id)
    desk.does(take_in_hand, alarm.id)

    session.expire_all()
    assert (alarm.state, alarm.acknowledged_by) == (AlarmState.ACKNOWLEDGED, desk.staff.id)
    assert call_next(session) == 0
    assert [state for state, *_ in steps_of(alarm)] == ["raised", "acknowledged"]


def test_a_colleague_is_told_who_has_it(session, alarm, desk, site):
    colleague = Office(session, Role.HOME_CARE_PROVIDER, site_id=site.id)
    session.commit()
    desk.does(take_in_hand, alarm.id)

    with pytest.raises(AlarmTaken) as refused:
        colleague.does(take_in_hand, alarm.id)
    assert refused.value.facts == {"name": "王主任"}


def test_it_is_closed_once_and_by_whoever_is_there(session, alarm, desk):
    with pytest.raises(AlarmNotSo):
        desk.does(close_alarm, alarm.id, outcome=AlarmOutcome.HELPED)
    desk.does(take_in_hand, alarm.id)
    desk.does(close_alarm, alarm.id, outcome=AlarmOutcome.HELPED, note="扶起，无碍")

    session.expire_all()
    assert (alarm.state, alarm.outcome, alarm.note) == ("closed", "helped", "扶起，无碍")
    for again in (take_in_hand, lambda own, number: close_alarm(own, number, outcome="helped")):
        with pytest.raises(AlarmNotSo):
            desk.does(again, alarm.id)


def test_what_is_closed_is_not_opened_whoever_writes(session, alarm, desk):
    desk.does(take_in_hand, alarm.id)
    desk.does(close_alarm, alarm.id, outcome=AlarmOutcome.FALSE_ALARM)

    with pytest.raises(IntegrityError, match="goes forward"):
        session.execute(text("UPDATE home_alarm SET state = 'raised'"))


def test_only_the_own_provider_answers(session, alarm):
    stranger = Office(session, Role.HOME_CARE_PROVIDER, site_id=make_provider(session).id)
    county = Office(session, Role.COUNTY_OFFICER, division_code="140502")
    session.commit()

    with pytest.raises(NotFound):
        stranger.does(take_in_hand, alarm.id)
    with pytest.raises(NotAllowed):
        county.does(take_in_hand, alarm.id)


class TestWhomToCall:
    def test_the_provider_writes_it_down_and_leaves_it_again(self, session, bed, daughter, desk):
        session.commit()
        order = [
            Callee(CalleeKind.DUTY, "夜班", "13512345678"),
            Callee(CalleeKind.EMERGENCY, "", ""),
        ]
        desk.does(write_callees, bed.id, order)
        assert [row.kind for row in list_callees(session, bed.id)] == ["duty", "emergency"]

        session.commit()
        desk.does(write_callees, bed.id, [])
        assert list_callees(session, bed.id)[0].name == "李小红"

    @pytest.mark.parametrize(
        "callees",
        [
            [Callee(CalleeKind.CONTACT, "李小红", "")],
            [Callee(CalleeKind.EMERGENCY, "", "120")],
            [Callee(CalleeKind.DUTY, "夜班", "13512345678")] * 10,
        ],
        ids=["no phone", "120 has none here", "too many"],
    )
    def test_what_cannot_be_called_is_refused(self, session, bed, desk, callees):
        session.commit()
        with pytest.raises(CalleesUnusable):
            desk.does(write_callees, bed.id, callees)


def test_providers_are_compared_by_how_soon_somebody_had_it(session, bed, site, desk):
    for seconds in (60, 120, 600):
        make_alarm(session, bed, ago=900, answered=(desk.staff, seconds))
    make_alarm(session, bed, kind=AlarmKind.FALL, ago=900)
    days, here = (clock.today() - timedelta(days=1), clock.today()), within([], [site.id])

    [row] = list_providers(session, here, Wanted(*days), seconds=180)
    [late] = list_raised(session, here, Wanted(*days, answered=Answered.LATE), seconds=180)

    assert (row.alarms, row.in_time, row.late, row.not_yet, float(row.median)) == (4, 2, 1, 1, 120)
    assert (late.acknowledged_at - late.raised_at).seconds == 600
