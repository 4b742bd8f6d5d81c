"""The timetable's jobs about kitchens do their work, and nothing the second time."""

from datetime import timedelta
from threading import Event

import pytest

from scheduler import kitchens
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import at
from server import clock
from server.meals.kitchen.models import SittingTemplate
from server.meals.kitchen.templates import DAYS_AHEAD
from server.meals.models import Meal
from tests.cities import CITY
from tests.factories.kitchen import served
from tests.factories.meals import make_canteen, make_sitting


@pytest.fixture
def run(session):
    def run(job, work):
        done = []
        session.commit()
        told = lambda run: done.append(work(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", told), CITY, Event())
        return done[0]

    return run


def test_sittings_are_made_in_the_night(session, run):
    canteen = make_canteen(session)
    values = vars(served()) | {"canteen_id": canteen.site_id, "meal": Meal.LUNCH}
    session.add_all(SittingTemplate(**values, weekday=number) for number in range(1, 8))

    assert run("make_sittings", kitchens.make_ahead) == DAYS_AHEAD
    assert run("make_sittings_again", kitchens.make_ahead) == 0


def test_a_menu_is_published_at_its_time(session, run):
    soon = clock.now() - timedelta(minutes=1)
    make_sitting(session, published_at=None, publishes_at=soon)

    assert run("run_kitchens", kitchens.run_kitchens) == 1
    assert run("run_kitchens_again", kitchens.run_kitchens) == 0


def test_nobody_is_chased_where_nothing_is_cooked(run):
    assert run("chase_samples", kitchens.chase) == 0
