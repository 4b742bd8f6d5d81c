"""日报: one a home and day; a 零报告 is a report, silence is none."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.facilities.errors import FiguresDoNotAddUp, NothingToRepeat, ReasonNeeded
from server.facilities.models import EndReason
from server.facilities.returns.queries import Scope
from server.facilities.returns.reports import (
    Day,
    file_report,
    file_zero,
    find_report,
    list_reports,
    prefill,
)
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.returns import make_return

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def home(session):
    return make_site(session, name="甲院")


def test_a_day_is_reported_once_and_then_corrected(session, home):
    said = [file_report(session, home.id, TODAY, Day(60, fever=fever)) for fever in (1, 1, 2)]
    assert said == ["new", "unchanged", "corrected"]
    report = find_report(session, home.id, day=TODAY)
    assert (report.occupants, report.fever, report.is_zero) == (60, 2, False)


def test_more_cannot_be_ill_than_there_are(session, home):
    for day in (Day(3, fever=4), Day(3, ill=4)):
        with pytest.raises(FiguresDoNotAddUp):
            file_report(session, home.id, TODAY, day)


def test_yesterday_asks_for_a_reason(session, home):
    with pytest.raises(ReasonNeeded):
        file_report(session, home.id, YESTERDAY, Day(60))
    assert file_report(session, home.id, YESTERDAY, Day(60), reason="漏报") == "new"


class TestNothingToReport:
    def test_one_tap_is_a_report(self, session, home):
        make_return(session, home, ago=2)
        assert [file_zero(session, home.id) for _ in range(2)] == ["new", "unchanged"]
        report = find_report(session, home.id, day=TODAY)
        assert (report.occupants, report.is_zero) == (60, True)

    def test_it_does_not_overwrite_a_report(self, session, home):
        file_report(session, home.id, TODAY, Day(60, fever=1))
        assert file_zero(session, home.id) == "unchanged"
        assert find_report(session, home.id, day=TODAY).fever == 1

    def test_the_number_of_people_must_be_known(self, session, home):
        with pytest.raises(NothingToRepeat):
            file_zero(session, home.id)

    def test_the_database_lets_no_zero_report_tell_of_anything(self, session, home):
        make_return(session, home)
        file_zero(session, home.id)
        with pytest.raises(IntegrityError, match="zero_is_zero"):
            session.execute(text("UPDATE daily_report SET fever = 1"))


class TestWhatIsKnown:
    def test_stays_that_are_kept_here_tell_who_came_and_left(self, session, home):
        beds = make_beds(session, 3, site=home)
        for bed, ago in zip(beds, (0, 5, 9), strict=True):
            stay = admit(session, bed_id=bed.id, resident_id=make_resident(session).id,
                         admitted_on=TODAY - timedelta(days=ago))  # fmt: skip
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)
        known = prefill(session, home.id, day=TODAY)
        assert (known.occupants, known.came_in, known.went_out) == (2, 1, 1)

    def test_elsewhere_the_newest_return_tells_how_many_live_there(self, session, home):
        make_return(session, home, ago=3)
        assert prefill(session, home.id, day=TODAY).occupants == 60

    def test_where_nothing_was_filed_nothing_is_known(self, session, home):
        assert prefill(session, home.id, day=TODAY).occupants is None


def test_the_silent_stand_in_the_list_too(session, home):
    make_site(session, name="乙院")
    file_report(session, home.id, TODAY, Day(60))
    told = {row.name: row.day for row in list_reports(session, Scope(prefixes=["1405"]), day=TODAY)}
    assert told == {"甲院": TODAY, "乙院": None}
