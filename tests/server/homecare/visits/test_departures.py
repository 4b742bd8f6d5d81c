"""A death calls off what is planned; one that was reported by mistake brings it back."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.homecare import make_home_bed, make_visit
from tests.factories.people import make_resident

TODAY = clock.today()


DAYS = [TODAY + timedelta(days=number) for number in (-1, 1, 2)]


@pytest.fixture
def visits(session, bed, worker):
    return [make_visit(session, bed, worker, on=day) for day in DAYS]


@pytest.fixture
def bought(session, bed, worker):
    """Visits that were bought without a bed at home."""
    return [make_visit(session, bed, worker, on=day, home_bed_id=None) for day in DAYS]


def test_nobody_is_sent_to_who_has_died(session, bed, visits):
    report_departure(
        session, resident_id=bed.resident_id, kind=DepartureKind.DIED, happened_on=TODAY
    )

    states = session.execute(text("SELECT state FROM care_visit ORDER BY starts_at")).scalars()
    assert list(states) == ["planned", "cancelled", "cancelled"]


def states(session):
    found = session.execute(text("SELECT state FROM care_visit ORDER BY starts_at, id"))
    return list(found.scalars())


@pytest.fixture
def by_mistake(session, bed):
    """Says that the elder has died; returns how to take it back."""
    report_departure(
        session, resident_id=bed.resident_id, kind=DepartureKind.DIED, happened_on=TODAY
    )
    departure_id = session.execute(text("SELECT id FROM departure")).scalar_one()
    return lambda: reverse_departure(session, departure_id, reason="报错了人")


def test_a_death_told_by_mistake_brings_back_what_is_ahead(session, bought, by_mistake):
    by_mistake()

    assert states(session) == ["planned"] * 3


def test_where_the_worker_was_sent_elsewhere_meanwhile_she_stays_there(
    session, site, worker, bought, by_mistake
):
    neighbour = make_home_bed(session, make_resident(session), site)
    tomorrow = TODAY + timedelta(days=1)
    make_visit(session, neighbour, worker, on=tomorrow, at=time(9, 30))

    by_mistake()

    assert states(session) == ["planned", "cancelled", "planned", "planned"]


def test_a_visit_that_the_provider_called_off_does_not_come_back(session, bought, by_mistake):
    session.refresh(bought[2])
    bought[2].cancel_reason = "家属要求"
    session.flush()

    by_mistake()

    assert states(session) == ["planned", "planned", "cancelled"]


def test_nobody_is_sent_to_a_bed_that_is_not_served_again(session, visits, by_mistake):
    by_mistake()

    assert session.execute(text("SELECT state FROM home_bed")).scalar_one() == "paused"
    assert states(session) == ["planned", "cancelled", "cancelled"]
