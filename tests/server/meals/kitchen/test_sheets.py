"""What is to be cooked: counted live, then frozen in versions that nobody changes."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.meals.kitchen.errors import CutOffAhead
from server.meals.kitchen.rules import diets_unserved, dishes_gone, eaters_by, portions_beside
from server.meals.kitchen.sheets import (
    count_live,
    freeze,
    freeze_due,
    is_as_frozen,
    list_versions,
)
from server.meals.models import BookedBy, Diet, Handing
from server.meals.service import book_meal
from tests.factories.kitchen import make_dish
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def sitting(session, canteen):
    sitting = make_sitting(session, canteen, dishes=("炒肉",))
    soft = make_dish(session, canteen, "蒸蛋", diets=["soft"], allergens=["egg"])
    put = "INSERT INTO sitting_dish (sitting_id, dish_id, position) VALUES (:s, :d, 9)"
    session.execute(text(put), {"s": sitting.id, "d": soft.id})
    return sitting


def eat(session, sitting, diet=Diet.NORMAL, handing=Handing.AT_CANTEEN):
    return book_meal(
        session,
        sitting_id=sitting.id,
        resident_id=make_resident(session).id,
        booked_by=BookedBy.STAFF,
        diet=diet,
        handing=handing,
    ).id


def close(session, sitting):
    sitting.cutoff_at = clock.now() - timedelta(minutes=1)
    session.flush()


def test_it_counts_by_dish_and_diet_and_way(session, sitting):
    for diet in (Diet.NORMAL, Diet.NORMAL, Diet.SOFT):
        eat(session, sitting, diet)
    eat(session, sitting, Diet.HALAL, Handing.DELIVERY)

    live = count_live(session, sitting.id)

    assert live.total == 4
    portions = {dish["name"]: dish["portions"] for dish in live.content["dishes"]}
    assert portions == {"炒肉": {"normal": 2}, "蒸蛋": {"normal": 2, "soft": 1}}
    assert eaters_by(live.content, handing="delivery") == 1
    assert diets_unserved(live.content) == ["halal"]


def test_before_the_cut_off_nothing_is_frozen(session, sitting):
    with pytest.raises(CutOffAhead):
        freeze(session, sitting.id)


def test_it_is_frozen_once_until_something_changes(session, sitting):
    first = eat(session, sitting)
    eat(session, sitting)
    close(session, sitting)

    assert freeze(session, sitting.id).version == 1
    assert freeze(session, sitting.id).version == 1
    session.execute(
        text("UPDATE booking SET status = 'cancelled', cancelled_at = :now WHERE id = :id"),
        {"now": clock.now(), "id": first},
    )
    second = freeze(session, sitting.id)

    assert (second.version, second.total) == (2, 1)
    newer, older = list_versions(session, sitting.id)
    [portions] = portions_beside(newer.content["dishes"][0], older.content, ["normal"])
    assert (portions.number, portions.before, portions.has_changed) == (1, 2, True)
    assert dishes_gone(newer.content, older.content) == []
    assert is_as_frozen(session, sitting.id)


def test_nobody_can_change_a_frozen_sheet(session, sitting):
    eat(session, sitting)
    close(session, sitting)
    freeze(session, sitting.id)

    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE kitchen_sheet SET total = 0"))


def test_sheets_are_frozen_by_the_clock(session, sitting, canteen):
    eat(session, sitting)
    close(session, sitting)
    make_sitting(session, canteen, in_days=2)

    assert freeze_due(session) == 1
    assert freeze_due(session) == 0
