"""A canteen's figures of today and of the week, and its sittings within a scope."""

from datetime import date, timedelta

import pytest

from server import clock
from server.errors import NotFound
from server.meals.models import BookedBy, Meal
from server.meals.queries.canteens import list_canteens_within
from server.meals.queries.overview import list_canteen_figures, week_of
from server.meals.queries.sittings import get_sitting_within, list_day_of_canteen
from server.meals.service import book_meal
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident

CITY = {"prefixes": ["1405"], "site_ids": []}


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 16), date(2026, 11, 16)),
        (date(2026, 11, 22), date(2026, 11, 16)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2027, 1, 1), date(2026, 12, 28)),
    ],
)
def test_a_week_runs_from_monday_to_monday(day, monday):
    assert week_of(day) == (monday, monday + timedelta(days=7))


@pytest.fixture
def canteen(session):
    return make_canteen(session, name="建设路食堂")


@pytest.fixture
def later_today():
    return {"in_days": 0, "cutoff_at": clock.now() + timedelta(minutes=30)}


def test_figures_count_the_day_and_the_week(session, canteen, later_today):
    sitting = make_sitting(session, canteen, capacity=20, **later_today)
    book_meal(
        session,
        sitting_id=sitting.id,
        resident_id=make_resident(session).id,
        booked_by=BookedBy.SELF,
    )
    make_sitting(session, canteen, in_days=8)  # another week
    make_sitting(session, canteen, meal=Meal.DINNER, published_at=None, **later_today)

    row = list_canteen_figures(session, **CITY, today=clock.today())[0]

    assert (row.county_name, row.name) == ("城区", "建设路食堂")
    assert (row.capacity_today, row.booked_today, row.collected_today) == (20, 1, None)
    assert (row.capacity_week, row.booked_week) == (20, 1)


def test_scope_and_division_narrow_the_canteens(session, canteen):
    far = make_canteen(session, division_code=OTHER_COUNTY_VILLAGE)
    today = clock.today()

    county = list_canteen_figures(session, prefixes=["140502"], site_ids=[], today=today)
    division = list_canteen_figures(session, **CITY, today=today, division="140521")
    own = list_canteens_within(session, prefixes=[], site_ids=[far.site_id])

    assert [row.id for row in county] == [canteen.site_id]
    assert [row.id for row in division] == [row.id for row in own] == [far.site_id]


def test_a_day_counts_what_is_collected_per_sitting(session, canteen, later_today):
    sitting = make_sitting(session, canteen, capacity=3, **later_today)
    make_sitting(session, in_days=0)  # another canteen

    (row,) = list_day_of_canteen(session, canteen.site_id, day=clock.today())

    assert (row.id, row.capacity, row.booked, row.collected, row.places_left) == (
        sitting.id,
        3,
        0,
        0,
        3,
    )


def test_a_sitting_out_of_scope_is_not_found(session, canteen):
    sitting = make_sitting(session, canteen)
    scope = {"prefixes": [], "site_ids": [canteen.site_id]}

    found = get_sitting_within(session, sitting.id, **scope)

    assert [dish["name"] for dish in found.dishes] == ["米饭", "清蒸鱼"]
    with pytest.raises(NotFound):
        get_sitting_within(session, sitting.id, prefixes=["140521"], site_ids=[])
