"""A face for a meal, a word about it, the answer by a day, and the way to the county."""

from datetime import timedelta

import pytest
import time_machine

from server import clock
from server.meals.models import BookingStatus
from server.meals.queries.bookings import get_booking
from server.meals.voices import queries, service
from server.meals.voices.errors import (
    MealNotEaten,
    RatingIsFinal,
    VoiceAnswered,
    VoiceFollowed,
    VoiceNotAnswered,
    VoiceWithCounty,
)
from server.meals.voices.models import MealVoiceKind
from server.places.workdays import workday_after
from server.providers.queries import within
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.eaten import Kitchen
from tests.factories.people import make_staff


@pytest.fixture
def kitchen(session):
    return Kitchen(session)


@pytest.fixture
def meal(session, kitchen):
    return get_booking(session, kitchen.eaten().id)


def complain(session, meal, **given):
    return service.say(session, meal, **({"kind": MealVoiceKind.COLD, "words": ""} | given))


def month_of(session, kitchen):
    here = within((), [kitchen.site_id])
    return queries.list_satisfaction(session, here, kitchen.month)


def test_a_face_is_given_once_and_changed_for_a_day(session, meal):
    service.rate(session, meal, score=3)
    service.rate(session, meal, score=1)

    assert queries.find_rating(session, meal.id).score == 1
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        with pytest.raises(RatingIsFinal):
            service.rate(session, meal, score=3)
        assert not service.can_rate(meal, queries.find_rating(session, meal.id))


def test_only_a_meal_that_was_handed_out_is_rated(session, kitchen):
    missed = kitchen.eaten(status=BookingStatus.BOOKED)

    with pytest.raises(MealNotEaten):
        service.rate(session, get_booking(session, missed.id), score=3)


def test_satisfaction_is_counted_with_how_many_said_so(session, kitchen, meal):
    other = get_booking(session, kitchen.eaten().id)
    assert [(row.good, row.rated, row.eaten) for row in month_of(session, kitchen)] == [(0, 0, 2)]

    service.rate(session, meal, score=3)
    service.rate(session, other, score=2)

    assert [(row.good, row.rated, row.eaten) for row in month_of(session, kitchen)] == [(1, 2, 2)]


@pytest.mark.parametrize(("kind", "days"), [("cold", 5), ("suggestion", 13)])
def test_a_canteen_answers_by_a_working_day(session, meal, kind, days):
    said = complain(session, meal, kind=MealVoiceKind(kind))

    assert said.due_on == workday_after(clock.today(), days)
    service.answer(session, said.id, words="已换保温箱")
    with pytest.raises(VoiceAnswered):
        service.answer(session, said.id, words="再答")


def test_what_is_not_solved_goes_to_the_county_and_may_be_handed_back(
    session, kitchen, meal, in_the_name_of
):
    said = complain(session, meal)
    with pytest.raises(VoiceNotAnswered):
        service.say_not_solved(session, said.id, words="")
    service.answer(session, said.id, words="知道了")
    again = service.say_not_solved(session, said.id, words="还是凉的")
    with pytest.raises(VoiceFollowed):
        service.say_not_solved(session, said.id, words="")

    with in_the_name_of(kitchen.cook, "canteen_staff"), pytest.raises(VoiceWithCounty):
        service.answer(session, again.id, words="我们来答")
    officer = make_staff(session, "county_officer", division_code="140502")
    with in_the_name_of(officer, "county_officer"):
        service.hand_to_canteen(session, again.id, words="请更换送餐箱")
    with in_the_name_of(kitchen.cook, "canteen_staff"):
        service.answer(session, again.id, words="箱子已换")

    assert (
        queries.list_voices(session, within((), [kitchen.site_id]), queries.Wanted(is_open=True))
        == []
    )


def test_what_waits_longest_comes_first_and_late_ones_are_told(session, kitchen, meal):
    suggested = complain(session, meal, kind=MealVoiceKind.SUGGESTION)
    complained = complain(session, meal)
    here = within((), [kitchen.site_id])

    listed = queries.list_voices(session, here, queries.Wanted())
    with time_machine.travel(clock.now() + timedelta(days=15)):
        late = queries.list_voices(session, here, queries.Wanted(is_late=True))

    assert [row.id for row in listed] == [complained.id, suggested.id]
    assert complained.id in [row.id for row in late]


def test_a_notice_is_told_on_its_days_where_it_belongs(session, kitchen, in_the_name_of):
    other = Kitchen(session, division_code=OTHER_COUNTY_VILLAGE)
    days = {"starts_on": clock.today(), "ends_on": clock.today()}
    own = {"site_id": kitchen.site_id, "division_code": None}
    with in_the_name_of(kitchen.cook, "canteen_staff"):
        mine = service.announce(session, **own, title="周六停业", words="检修一天", **days)
    with in_the_name_of(kitchen.officer, "county_officer"):
        service.announce(session, site_id=None, division_code="140502", title="补贴调整",
                         words="下月起", **days)  # fmt: skip

    def told(canteen, day):
        return {row.title for row in queries.list_notices_of(session, canteen.site_id, today=day)}

    assert told(kitchen, clock.today()) == {"周六停业", "补贴调整"}
    assert told(kitchen, clock.today() + timedelta(days=1)) == set()
    assert told(other, clock.today()) == set()
    service.withdraw_notice(session, mine.id)
    assert told(kitchen, clock.today()) == {"补贴调整"}
