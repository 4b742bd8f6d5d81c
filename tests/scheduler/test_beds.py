"""What moves by itself on the way to a bed; twice is as good as once."""

from threading import Event

import pytest

from scheduler import beds
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import TIMETABLE, at
from server.facilities.models import BedKind
from server.facilities.referrals.models import RequestedBy
from server.facilities.waiting.joining import apply
from tests.cities import CITY
from tests.factories.facilities import make_bed
from tests.factories.people import make_resident


@pytest.fixture
def sweep(connection, as_platform):
    def run(job):
        done = []
        work = lambda run: done.append(beds.offer_beds(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", work), CITY, Event())
        return done[0]

    return run


def test_a_free_bed_is_offered_once(sweep, session):
    bed = make_bed(session)
    apply(
        session,
        resident_id=make_resident(session).id,
        site_id=bed.site_id,
        kind=BedKind.INSTITUTION,
        asked_by=RequestedBy.SELF,
    )
    session.commit()

    assert (sweep("once"), sweep("again")) == (1, 0)


def test_it_stands_in_the_timetable():
    assert "offer_beds" in [entry.job for entry in TIMETABLE]
