"""A window notes what shall hold of somebody while another enters the death: none is overlooked.

Between looking whether somebody is still here and noting, every window waits for a moment, so that
reports come in between. The twin looks without holding the resident, and must go wrong.
"""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.residents.departures.models import DepartureKind
from server.residents.departures.reports import Report
from server.residents.departures.service import report_departures
from server.residents.facts import service
from server.residents.facts.models import CareInsurance, CareScheme
from server.residents.models import Resident
from tests.concurrency.racing import look, race
from tests.factories.assessments import Office

ELDERS = 24
OPEN_FACTS_OF_THE_DEAD = (
    "SELECT c.id FROM care_insurance c JOIN resident r ON r.id = c.resident_id"
    " WHERE r.died_on IS NOT NULL AND c.ends_on IS NULL"
)


@pytest.fixture
def elders(people):
    return people(ELDERS)[1]


@pytest.fixture
def office(settle):
    return settle(Office)


def waiting(check):
    def check_and_wait(session, resident_id):
        check(session, resident_id)
        time.sleep(0.02)

    return check_and_wait


def look_alone(session, resident_id):
    """As the twin does: the day is looked at, and nobody is held."""
    session.execute(select(Resident.died_on).where(Resident.id == resident_id)).one()


def note(office, resident_id):
    values = {"scheme": CareScheme.EMPLOYEE, "level": None}
    with office.at_work() as session:
        given = {**values, "starts_on": clock.today() - timedelta(days=9), "ends_on": None}
        service.note_fact(session, resident_id, CareInsurance, given)
        return "noted"


def report(office, resident_id):
    died_on = clock.today() - timedelta(days=1)
    with office.at_work() as session:
        one = Report(resident_id, DepartureKind.DIED, died_on, "feed", f"A{resident_id}")
        return report_departures(session, [one])[0].value


def both_at_once(office, elders):
    wishes = [(do, elder) for elder in elders for do in (note, report)]
    return race(wishes, lambda wish: wish[0](office, wish[1]), threads=8)


def test_whoever_comes_second_knows_of_the_first(own_city, office, elders, monkeypatch):
    monkeypatch.setattr(service, "check_still_here", waiting(service.check_still_here))

    outcomes = both_at_once(office, elders)

    assert outcomes["recorded"] == ELDERS
    assert outcomes["noted"] + outcomes["ResidentGone"] == ELDERS
    assert look(own_city, OPEN_FACTS_OF_THE_DEAD) == []


def test_the_twin_that_holds_nobody_goes_wrong(own_city, office, elders, monkeypatch):
    monkeypatch.setattr(service, "check_still_here", waiting(look_alone))

    both_at_once(office, elders)

    assert look(own_city, OPEN_FACTS_OF_THE_DEAD) != []
