"""A sample of every dish, big enough, cold enough, long enough."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.errors import NotFound
from server.meals.kitchen.errors import (
    SampleNotCold,
    SampleStillKept,
    SampleTaken,
    SampleTooSmall,
)
from server.meals.kitchen.samples import (
    chase_samples,
    discard_sample,
    list_samples,
    list_to_discard,
    take_sample,
)
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def sitting(session, canteen):
    """Today's lunch, which one person booked."""
    soon = clock.now() + timedelta(minutes=5)
    sitting = make_sitting(session, canteen, in_days=0, cutoff_at=soon)
    book_meal(
        session,
        sitting_id=sitting.id,
        resident_id=make_resident(session).id,
        booked_by=BookedBy.STAFF,
    )
    return sitting


def gaps(session, canteen):
    today = clock.today()
    rows = list_samples(
        session, canteen.site_id, first_day=today, end_day=today + timedelta(days=1)
    )
    return [row for row in rows if row.sample_id is None]


def take(session, canteen, sitting, *, grams=125, tenths_celsius=40):
    dish_id = gaps(session, canteen)[0].dish_id
    return take_sample(
        session,
        canteen.site_id,
        sitting_id=sitting.id,
        dish_id=dish_id,
        grams=grams,
        tenths_celsius=tenths_celsius,
    )


def test_what_is_cooked_lacks_a_sample_until_it_is_taken(session, canteen, cook, sitting):
    assert [row.dish_name for row in gaps(session, canteen)] == ["米饭", "清蒸鱼"]

    sample = take(session, canteen, sitting)

    assert [row.dish_name for row in gaps(session, canteen)] == ["清蒸鱼"]
    assert sample.keep_until - sample.taken_at == timedelta(hours=48)


def test_too_little_or_too_warm_is_no_sample(session, canteen, cook, sitting):
    with pytest.raises(SampleTooSmall):
        take(session, canteen, sitting, grams=124)
    for tenths in (-1, 81):
        with pytest.raises(SampleNotCold):
            take(session, canteen, sitting, tenths_celsius=tenths)


def test_there_is_one_of_each_dish(session, canteen, cook, sitting):
    sample = take(session, canteen, sitting)

    with pytest.raises(SampleTaken):
        take_sample(
            session,
            canteen.site_id,
            sitting_id=sitting.id,
            dish_id=sample.dish_id,
            grams=130,
            tenths_celsius=30,
        )


def test_of_what_was_not_served_there_is_none(session, canteen, cook, sitting):
    with pytest.raises(NotFound):
        take_sample(
            session,
            make_canteen(session).site_id,
            sitting_id=sitting.id,
            dish_id=gaps(session, canteen)[0].dish_id,
            grams=125,
            tenths_celsius=40,
        )


def test_it_is_thrown_away_after_two_days_and_not_before(session, canteen, cook, sitting):
    sample = take(session, canteen, sitting)
    assert list_to_discard(session, canteen.site_id) == []
    with pytest.raises(SampleStillKept):
        discard_sample(session, canteen.site_id, sample.id)

    with time_machine.travel(sample.keep_until, tick=False):
        assert [row.id for row in list_to_discard(session, canteen.site_id)] == [sample.id]
        discard_sample(session, canteen.site_id, sample.id)
        discard_sample(session, canteen.site_id, sample.id)

    assert list_to_discard(session, canteen.site_id) == []


def test_the_database_keeps_it_too(session, canteen, cook, sitting):
    sample = take(session, canteen, sitting)

    with pytest.raises(Exception, match="ck_food_sample_not_discarded_early"):
        session.execute(
            text("UPDATE food_sample SET discarded_at = :now, discarded_by = taken_by"),
            {"now": sample.taken_at},
        )


def test_missing_ones_are_asked_for_once_in_the_afternoon(session, canteen, cook, sitting):
    today = clock.today()
    with time_machine.travel(datetime.combine(today, time(13, 50), clock.CITY), tick=False):
        assert chase_samples(session) == 0
    with time_machine.travel(datetime.combine(today, time(14, 10), clock.CITY), tick=False):
        assert chase_samples(session) == 1
        assert chase_samples(session) == 0
