"""Who has not filed is reminded and told when it is late: each once, however often it runs."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.returns.chasing import chase_returns, nudge_operators
from server.facilities.returns.queries import Scope, list_standing
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.returns import make_return

TODAY = clock.today()


def at(wall):
    moment = datetime.combine(TODAY, time.fromisoformat(wall), clock.CITY)
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def home(session):
    site = make_site(session, name="甲院")
    make_staff(session, "facility_operator", site_id=site.id).phone = "+8613800000001"
    make_staff(session, "facility_operator", site_id=site.id)  # left no phone
    session.flush()
    return site


def messages(session):
    rows = session.execute(text("SELECT kind, due_at FROM message ORDER BY id"))
    return [(row.kind.removeprefix("facilities."), f"{row.due_at.astimezone(clock.CITY):%H:%M}")
            for row in rows]  # fmt: skip


def test_before_the_reminder_nobody_is_written_to(session, home):
    with at("16:29"):
        assert chase_returns(session) == 0


def test_each_is_told_once_before_and_once_after_the_deadline(session, home):
    for wall, told in (("16:30", 1), ("16:40", 0), ("17:29", 0), ("17:30", 1), ("23:00", 0)):
        with at(wall):
            assert chase_returns(session) == told, wall
    assert messages(session) == [("return_reminder", "16:30"), ("return_overdue", "17:30")]


def test_whoever_has_filed_is_left_alone(session, home):
    make_return(session, home)
    with at("18:00"):
        assert chase_returns(session) == 0


def test_a_home_that_keeps_its_stays_here_is_left_alone(session, home):
    make_bed(session, site=home)
    with at("18:00"):
        assert chase_returns(session) == 0


def test_the_return_of_yesterday_is_not_enough(session, home):
    make_return(session, home, ago=1)
    with at("18:00"):
        assert chase_returns(session) == 1


def test_many_homes_cost_no_more_statements(session, home, statements):
    for number in range(20):
        staff = make_staff(session, "facility_operator", site_id=make_site(session).id)
        staff.phone = f"+86138000001{number:02d}"
    session.flush()
    with at("16:30"), statements() as sent:
        assert chase_returns(session) == 21
    assert len(sent) <= 5


def test_a_nudge_is_one_message_an_hour(session, home):
    [row] = list_standing(session, Scope(site_ids=[home.id]), on=TODAY)
    told = []
    for wall in ("10:05", "10:50", "11:05"):
        with at(wall):
            told.append(nudge_operators(session, row).asked)
    assert told == [1, 0, 1]


def test_a_home_nobody_can_be_reached_at_says_so(session):
    site = make_site(session)
    [row] = list_standing(session, Scope(site_ids=[site.id]), on=TODAY)
    nudged = nudge_operators(session, row)
    assert (nudged.operators, nudged.asked) == (0, 0)


def test_a_message_says_which_home_and_until_when(session, home):
    with at("16:30"):
        chase_returns(session)
    expires = session.execute(text("SELECT expires_at FROM message")).scalar_one()
    assert expires.astimezone(clock.CITY) < datetime.combine(
        TODAY + timedelta(days=1), datetime.min.time(), clock.CITY
    )
