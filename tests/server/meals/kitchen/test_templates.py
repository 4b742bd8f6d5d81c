"""Sittings are made ahead from what a canteen serves week by week."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from server import clock
from server.meals.kitchen.errors import TemplateInThePast
from server.meals.kitchen.templates import (
    DAYS_AHEAD,
    list_templates,
    make_sittings,
    set_templates,
)
from server.meals.models import Meal, Sitting
from tests.factories.kitchen import served

EVERY_DAY = range(1, 8)
A_MONDAY = datetime(2026, 9, 7, 8, tzinfo=clock.CITY)


@pytest.fixture
def monday():
    """A Monday whose coming three weeks reach into 国庆节."""
    with time_machine.travel(A_MONDAY, tick=False):
        yield A_MONDAY.date()


def sittings(session):
    session.expire_all()
    return session.execute(select(Sitting).order_by(Sitting.service_on)).scalars().all()


def test_three_weeks_are_made_once(session, canteen, monday):
    made = set_templates(session, canteen.site_id, EVERY_DAY, Meal.LUNCH, served())

    assert made == DAYS_AHEAD
    assert make_sittings(session) == 0
    days = [one.service_on for one in sittings(session)]
    assert days == [monday + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1)]


def test_without_a_cut_off_of_its_own_the_city_s_figure_closes_it(session, canteen, monday):
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, served())

    first = sittings(session)[0]
    assert first.cutoff_at == datetime.combine(monday, time(16), clock.CITY)
    assert (first.published_at, first.late_until, first.late_places) == (None, None, 0)


def test_a_cut_off_of_its_own_and_late_places_are_kept(session, canteen, monday):
    own = served(cutoff_days=2, cutoff_at=time(18), late_until=time(9), late_places=5)
    set_templates(session, canteen.site_id, [4], Meal.LUNCH, own)

    first = sittings(session)[0]
    assert first.cutoff_at == datetime.combine(date(2026, 9, 8), time(18), clock.CITY)
    assert first.late_until == datetime.combine(date(2026, 9, 10), time(9), clock.CITY)
    assert first.late_places == 5


def test_a_change_begins_on_its_day(session, canteen, monday):
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, served(capacity=40))
    later = served(starts_on=date(2026, 9, 15), capacity=60)
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, later)

    assert [one.capacity for one in sittings(session)] == [40, 60, 60]
    rows = list_templates(session, canteen.site_id)
    assert [(row.capacity, row.is_coming) for row in rows] == [(40, False), (60, True)]


def test_what_is_published_stays_as_it_was_offered(session, canteen, monday):
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, served(capacity=40))
    sittings(session)[0].published_at = clock.now()
    session.flush()
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, served(capacity=60))

    assert [one.capacity for one in sittings(session)] == [40, 60, 60]


def test_a_meal_given_up_is_offered_no_more(session, canteen, monday):
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, served())
    given_up = served(starts_on=date(2026, 9, 15), is_served=False)
    set_templates(session, canteen.site_id, [2], Meal.LUNCH, given_up)

    assert [one.closed_at is None for one in sittings(session)] == [True, False, False]


def test_a_canteen_that_keeps_holidays_serves_on_none(session, canteen):
    canteen.serves_on_holidays = False
    session.flush()
    with time_machine.travel(datetime(2026, 9, 28, 8, tzinfo=clock.CITY), tick=False):
        set_templates(session, canteen.site_id, EVERY_DAY, Meal.LUNCH, served())

    days = {one.service_on for one in sittings(session)}
    assert date(2026, 9, 30) in days
    assert not {date(2026, 10, day) for day in (1, 2, 3)} & days


def test_yesterday_is_not_served_differently(session, canteen, monday):
    with pytest.raises(TemplateInThePast):
        set_templates(
            session,
            canteen.site_id,
            [1],
            Meal.LUNCH,
            served(starts_on=monday - timedelta(days=1)),
        )
