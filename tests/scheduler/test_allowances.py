"""The timetable reckons every home's months, and finds nothing to do the second time."""

from threading import Event

import pytest
import time_machine

from scheduler import allowances
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import TIMETABLE, at
from tests.cities import CITY
from tests.factories.allowances import IN_JULY, make_complete
from tests.factories.meals import make_site


@pytest.fixture
def run(session):
    def run(job):
        done = []
        session.commit()
        told = lambda run: done.append(allowances.reckon_month(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", told), CITY, Event())
        return done[0]

    return run


def test_every_home_is_reckoned_once(session, run):
    with time_machine.travel(IN_JULY):
        for site in (make_site(session), make_site(session)):
            make_complete(session, site)

        assert run("reckon") == 2 * (3 + 3)
        assert run("reckon again") == 0


def test_it_runs_on_the_second_of_a_month_before_anybody_works():
    (entry,) = (one for one in TIMETABLE if one.job == "reckon_month")

    fields = {field.name: str(field) for field in entry.when.fields}
    assert (fields["day"], fields["hour"], fields["minute"]) == ("2", "4", "20")
