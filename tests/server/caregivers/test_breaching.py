"""Accidents and breaches of ethics: entered by the county, lifted by another of its officers."""

from datetime import date, timedelta

import pytest

from server import clock
from server.caregivers import breaching
from server.caregivers.allowances.knowing import find_known
from server.caregivers.breaching import MASKED, BreachSaid
from server.caregivers.errors import (
    BreachDaysImpossible,
    BreachKnown,
    LiftedByWhoEntered,
    SettledAlready,
)
from server.caregivers.models import BreachKind
from server.errors import NotFound
from tests.factories.caregivers import make_caregiver, make_employment

DAY = date(2026, 3, 3)
PAPER = "晋城民〔2026〕3号"
SAID = BreachSaid(BreachKind.ACCIDENT, DAY, f" {PAPER} ")


@pytest.fixture
def worker(session, desks):
    return make_caregiver(session, desks.near, name="孙一兰")


@pytest.fixture
def entered(session, desks, worker):
    make_employment(session, worker, starts_on=date(2024, 1, 1))
    with desks.county() as office:
        return breaching.enter_breach(office, worker.id, SAID).id


def test_a_breach_stands_in_the_file_with_its_site_and_who_entered_it(desks, worker, entered):
    with desks.county() as office:
        [one] = breaching.list_breaches(office, worker.id)

    assert (one.breach.kind, one.breach.happened_on, one.document) == (
        BreachKind.ACCIDENT, DAY, PAPER,
    )  # fmt: skip
    assert one.breach.site_id == desks.near.id
    assert one.entered_by
    assert one.may_lift is False


def test_another_officer_lifts_it_once(session, desks, worker, entered):
    with desks.county() as office, pytest.raises(LiftedByWhoEntered):
        breaching.lift_breach(office, worker.id, entered, cleared_on=DAY)
    with desks.county(2) as other:
        [one] = breaching.list_breaches(other, worker.id)
        assert one.may_lift is True
        breaching.lift_breach(other, worker.id, entered, cleared_on=DAY + timedelta(days=30))
    with desks.county(2) as other, pytest.raises(SettledAlready):
        breaching.lift_breach(other, worker.id, entered, cleared_on=DAY)

    [known] = find_known(session, [worker.id])
    [breach] = known.breaches
    assert breach.is_open_on(DAY + timedelta(days=29))
    assert not breach.is_open_on(DAY + timedelta(days=30))


def test_what_is_taken_back_never_counted_and_may_be_entered_again(session, desks, worker, entered):
    with desks.county() as office, pytest.raises(BreachKnown):
        breaching.enter_breach(office, worker.id, SAID)
    with desks.county(2) as other:
        breaching.lift_breach(other, worker.id, entered, cleared_on=DAY)

    [known] = find_known(session, [worker.id])
    assert not known.breaches[0].is_open_on(DAY)
    with desks.county() as office:
        breaching.enter_breach(office, worker.id, SAID)


@pytest.mark.parametrize("days", [1, 400])
def test_nothing_is_entered_that_is_to_come(desks, worker, days):
    said = BreachSaid(BreachKind.ETHICS, clock.today() + timedelta(days=days), PAPER)
    with desks.county() as office, pytest.raises(BreachDaysImpossible):
        breaching.enter_breach(office, worker.id, said)


def test_a_breach_is_lifted_neither_before_its_day_nor_in_advance(desks, worker, entered):
    for day in (DAY - timedelta(days=1), clock.today() + timedelta(days=1)):
        with desks.county(2) as other, pytest.raises(BreachDaysImpossible):
            breaching.lift_breach(other, worker.id, entered, cleared_on=day)


def test_nobody_else_enters_or_lifts_one(session, desks, worker, entered):
    far = make_caregiver(session, desks.far)
    with desks.at(desks.near) as here:
        with pytest.raises(NotFound):
            breaching.enter_breach(here, worker.id, SAID)
        with pytest.raises(NotFound):
            breaching.lift_breach(here, worker.id, entered, cleared_on=DAY)
    with desks.county(2) as office:
        with pytest.raises(NotFound):
            breaching.enter_breach(office, far.id, SAID)
        with pytest.raises(NotFound):
            breaching.lift_breach(office, far.id, entered, cleared_on=DAY)


def test_a_second_employer_reads_kind_and_day_of_its_own_time_alone(
    session, desks, entered, worker
):
    make_employment(
        session, worker, desks.far, starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 1),
        is_full_time=False,
    )  # fmt: skip
    with desks.county() as office:
        breaching.enter_breach(
            office, worker.id, BreachSaid(BreachKind.ETHICS, date(2026, 5, 1), PAPER)
        )
    with desks.at(desks.far) as other:
        [one] = breaching.list_breaches(other, worker.id)
        assert (one.breach.happened_on, one.document, one.entered_by) == (DAY, MASKED, None)
    with desks.at(desks.near) as here:
        assert [one.document for one in breaching.list_breaches(here, worker.id)] == [PAPER, PAPER]
