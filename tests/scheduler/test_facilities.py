"""The timetable's jobs about facilities do their work, and nothing the second time."""

from datetime import datetime, time, timedelta
from threading import Event

import pytest
import time_machine
from sqlalchemy import text

from scheduler import facilities
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import TIMETABLE, at
from server import clock
from server.db.sessions import transaction
from server.facilities.models import BedKind
from server.facilities.referrals.models import RequestedBy
from server.facilities.staffing.filing import OnDuty, file_week
from server.facilities.staffing.rules import monday_of
from server.facilities.stays.admitting import admit
from server.facilities.stays.holding import hold_bed
from server.facilities.waiting.joining import apply
from tests.cities import CITY
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident, make_staff
from tests.factories.returns import make_return


@pytest.fixture
def run(session):
    def run(job, work):
        done = []
        session.commit()
        told = lambda run: done.append(work(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", told), CITY, Event())
        return done[0]

    return run


def test_a_home_that_has_not_filed_is_told_once(session, run):
    site = make_site(session)
    make_staff(session, "facility_operator", site_id=site.id).phone = "+8613800000001"
    evening = datetime.combine(clock.today(), time(18), clock.CITY)
    with time_machine.travel(evening, tick=False):
        assert run("first", facilities.chase_returns) == 1
        assert run("second", facilities.chase_returns) == 0


def test_what_differs_by_now_is_found_once(session, run):
    site = make_site(session)
    make_return(session, site)
    make_bed(session, site=site)
    assert run("first", facilities.compare_returns) == 1
    assert run("second", facilities.compare_returns) == 1
    with transaction(writes=False) as looking:
        assert looking.execute(text("SELECT count(*) FROM finding")).scalar_one() == 1


def test_too_few_caregivers_are_found_once(session, run):
    bed = make_bed(session)
    resident = make_resident(session)
    admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=clock.today())
    file_week(session, bed.site_id, monday_of(clock.today()), OnDuty(1, 1, 0))
    assert run("first", facilities.check_staffing) == 1
    assert run("second", facilities.check_staffing) == 1
    with transaction(writes=False) as looking:
        assert looking.execute(text("SELECT count(*) FROM finding")).scalar_one() == 1


def test_all_stand_in_the_timetable():
    jobs = {entry.job for entry in TIMETABLE}
    assert {"chase_returns", "compare_returns", "check_staffing"} <= jobs


def test_a_free_bed_is_offered_once(session, run):
    bed = make_bed(session)
    apply(
        session,
        resident_id=make_resident(session).id,
        site_id=bed.site_id,
        kind=BedKind.INSTITUTION,
        asked_by=RequestedBy.SELF,
    )

    assert run("once", facilities.offer_beds) == 1
    assert run("again", facilities.offer_beds) == 0


def test_a_hold_that_nobody_used_is_said_to_have_lapsed(session, run):
    resident = make_resident(session)
    hold_bed(
        session, bed_id=make_bed(session).id, resident_id=resident.id, planned_on=clock.today()
    )

    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert run("once", facilities.offer_beds) == 1
        assert run("again", facilities.offer_beds) == 0
    assert session.execute(text("SELECT status FROM stay")).scalars().all() == ["lapsed"]


def test_offering_stands_in_the_timetable():
    assert "offer_beds" in [entry.job for entry in TIMETABLE]
