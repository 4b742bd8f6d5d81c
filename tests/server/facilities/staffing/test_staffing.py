"""A home tells its week; too few caregivers are found once, and no longer once it is made good."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.facilities.errors import DayOutOfReach, NoWeekBefore
from server.facilities.models import EndReason
from server.facilities.returns.queries import Scope
from server.facilities.staffing.checking import check_scope
from server.facilities.staffing.filing import OnDuty, file_as_before, file_week
from server.facilities.staffing.queries import list_homes
from server.facilities.staffing.rules import A_WEEK, PARAMETERS, Care, Shift, Staffing
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import go_on_leave
from server.policies.queries import list_bases
from server.residents.assessments.models import AbilityLevel
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site

EVERYWHERE = Scope(prefixes=["14"])
ENOUGH, TOO_FEW = OnDuty(2, 2, 1), OnDuty(1, 2, 1)


def weeks(session):
    query = (
        "SELECT starts_on, morning, afternoon, night, is_unchanged FROM staffing_week ORDER BY 1"
    )
    return [tuple(row) for row in session.execute(text(query))]


@pytest.fixture
def full_home(move_in):
    """4 frail people and one who needs little: 4/3 + 1/10, so two by day and one by night."""
    return move_in(
        AbilityLevel.INTACT, AbilityLevel.SEVERE, AbilityLevel.TOTAL, None, AbilityLevel.SEVERE
    )


def seen(session, home, monday):
    [found] = [one for one in list_homes(session, EVERYWHERE, week=monday) if one.row.id == home.id]
    return found


def test_needed_caregivers_follow_from_who_sleeps_there_today(session, home, full_home, monday):
    found = seen(session, home, monday)

    assert found.people == {Care.SELF_CARE: 1, Care.PARTIAL: 0, Care.FULL: 4}
    assert found.not_assessed == 1
    assert found.needed == {Shift.MORNING: 2, Shift.AFTERNOON: 2, Shift.NIGHT: 1}
    assert found.staffing is Staffing.NOT_TOLD


def test_whoever_is_away_or_has_left_needs_nobody(session, home, full_home, monday):
    go_on_leave(session, full_home[1].id, since=clock.today())
    discharge(session, full_home[2].id, ended_on=clock.today(), reason=EndReason.WENT_HOME)

    assert sum(seen(session, home, monday).people.values()) == 3


def test_a_home_that_keeps_no_beds_here_is_not_judged(session, monday):
    make_site(session)

    assert list_homes(session, EVERYWHERE, week=monday) == []


def test_all_homes_are_looked_at_by_as_many_statements_as_one(
    session, home, full_home, monday, statements
):
    with statements() as of_one:
        list_homes(session, EVERYWHERE, week=monday)
    for _ in range(4):
        make_bed(session, site=make_site(session))
    with statements() as of_five:
        assert len(list_homes(session, EVERYWHERE, week=monday)) == 5
    assert len(of_five) == len(of_one)


def test_too_few_are_found_once_a_week_and_withdrawn_when_made_good(
    session, home, full_home, monday, findings
):
    file_week(session, home.id, monday, TOO_FEW)
    for _ in range(2):
        assert check_scope(session, EVERYWHERE) == 1
    [(kind, site_id, state, evidence)] = findings()
    assert (kind, site_id, state) == ("too_few_caregivers", home.id, "open")
    assert evidence["needed"] == {"morning": 2, "afternoon": 2, "night": 1}
    assert evidence["there"] == {"morning": 1, "afternoon": 2, "night": 1}

    file_week(session, home.id, monday, ENOUGH)
    assert [found[2] for found in findings()] == ["withdrawn"]
    file_week(session, home.id, monday, TOO_FEW)
    assert [found[2] for found in findings()] == ["open"]


def test_people_who_come_in_make_too_few_of_enough(session, home, move_in, monday, findings):
    move_in(None, None, None)
    file_week(session, home.id, monday, OnDuty(1, 1, 1))
    assert check_scope(session, EVERYWHERE) == 0

    move_in(None)

    assert check_scope(session, EVERYWHERE) == 1
    assert [found[2] for found in findings()] == ["open"]


def test_another_week_is_another_finding(session, home, full_home, monday, findings):
    file_week(session, home.id, monday, TOO_FEW)
    with time_machine.travel(clock.now() + timedelta(days=7), tick=False):
        file_as_before(session, home.id, monday + A_WEEK)

    assert len(findings()) == 2


def test_silence_is_no_finding(session, home, full_home, findings):
    assert check_scope(session, EVERYWHERE) == 0
    assert findings() == []


def test_the_week_to_come_is_told_and_not_judged_yet(session, home, full_home, monday, findings):
    file_week(session, home.id, monday + A_WEEK, TOO_FEW)

    assert findings() == []
    assert seen(session, home, monday + A_WEEK).staffing is Staffing.TOO_FEW


def test_the_same_as_last_week_is_one_tap(session, home, full_home, monday):
    with time_machine.travel(clock.now() - timedelta(days=7), tick=False):
        file_week(session, home.id, monday - A_WEEK, OnDuty(3, 2, 1))

    assert [file_as_before(session, home.id, monday) for _ in range(2)] == [True, False]
    assert weeks(session)[1] == (monday, 3, 2, 1, True)


def test_a_tap_does_not_overwrite_what_was_told(session, home, full_home, monday):
    file_week(session, home.id, monday, OnDuty(3, 2, 1))
    file_week(session, home.id, monday + A_WEEK, OnDuty(9, 9, 9))

    assert not file_as_before(session, home.id, monday + A_WEEK)
    assert weeks(session)[1] == (monday + A_WEEK, 9, 9, 9, False)


def test_what_cannot_be_told_is_refused(session, home, monday):
    make_bed(session, site=home)
    with pytest.raises(NoWeekBefore):
        file_as_before(session, home.id, monday)
    for week in (monday - A_WEEK, monday + 2 * A_WEEK, monday + timedelta(days=1)):
        with pytest.raises(DayOutOfReach):
            file_week(session, home.id, week, ENOUGH)


@pytest.mark.parametrize(
    ("day", "night"),
    [pytest.param(1, 1, id="a Tuesday"), pytest.param(0, -1, id="less than nobody"),
     pytest.param(0, 501, id="a town")],
)  # fmt: skip
def test_the_database_keeps_weeks_and_counts(session, home, monday, day, night):
    insert = text(
        "INSERT INTO staffing_week (site_id, starts_on, morning, afternoon, night, is_unchanged,"
        " filed_at) VALUES (:site, :week, 1, 1, :night, false, now())"
    )
    with pytest.raises(IntegrityError, match="violates check constraint"):
        session.execute(
            insert, {"site": home.id, "week": monday + timedelta(days=day), "night": night}
        )


def test_each_figure_says_what_it_rests_on(session):
    rows = list_bases(session, PARAMETERS, on=clock.today())
    standing = {key: row.standing.value for key, row in rows.items()}

    assert standing == {
        "staffing.ratio_by_day": "reference",
        "staffing.ratio_by_night": "unsourced",
        "staffing.care_of_levels": "unsourced",
    }
