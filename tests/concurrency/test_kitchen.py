"""Two cooks freeze a sheet, or two people make the sittings, in the same moment."""

from datetime import timedelta

import pytest

from server import clock
from server.db import sessions
from server.meals.kitchen.models import SittingTemplate
from server.meals.kitchen.sheets import freeze
from server.meals.kitchen.templates import make_sittings
from server.meals.models import BookedBy, Meal, Sitting
from server.meals.service import book_meal
from tests.concurrency.racing import as_owner, look, race
from tests.factories.kitchen import served
from tests.factories.meals import make_canteen, make_sitting

COOKS = 8
VERSIONS = "SELECT version FROM kitchen_sheet ORDER BY version"
# Both have looked before either writes.
SLOWLY = """
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$;
    CREATE TRIGGER dawdle BEFORE INSERT ON kitchen_sheet FOR EACH ROW EXECUTE FUNCTION dawdle();
"""


@sessions.in_transaction
def freeze_it(sitting_id, *, session):
    return freeze(session, sitting_id).version


@sessions.in_transaction
def make_all(_number, *, session):
    make_sittings(session)
    return "made"


@pytest.fixture
def sitting_id(settle, people):
    """A lunch that somebody booked, and that has just closed."""
    _, [resident] = people(1)

    def make(session):
        sitting = make_sitting(session)
        book_meal(session, sitting_id=sitting.id, resident_id=resident, booked_by=BookedBy.STAFF)
        session.get_one(Sitting, sitting.id).cutoff_at = clock.now() - timedelta(minutes=1)
        return sitting.id

    return settle(make)


def test_one_version_is_frozen(own_city, platform, sitting_id):
    as_owner(own_city, SLOWLY)

    assert race([sitting_id] * COOKS, freeze_it) == {1: COOKS}
    assert look(own_city, VERSIONS) == [(1,)]


def test_without_the_guard_there_are_several(own_city, platform, sitting_id):
    as_owner(own_city, SLOWLY, "ALTER TABLE kitchen_sheet DROP CONSTRAINT pk_kitchen_sheet")

    outcomes = race([sitting_id] * COOKS, freeze_it)

    assert outcomes == {1: COOKS}
    assert len(look(own_city, VERSIONS)) > 1


def test_each_sitting_is_made_once(own_city, platform, settle):
    def make(session):
        canteen_id = make_canteen(session).site_id
        values = vars(served()) | {"canteen_id": canteen_id, "meal": Meal.LUNCH}
        session.add_all(SittingTemplate(**values, weekday=number) for number in range(1, 8))

    settle(make)

    assert race(range(COOKS), make_all) == {"made": COOKS}
    assert look(own_city, "SELECT count(*), count(DISTINCT service_on) FROM sitting") == [(21, 21)]
