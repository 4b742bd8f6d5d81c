"""Whom a menu does not suit."""

import pytest
from sqlalchemy import text

from server.errors import NotFound
from server.meals.kitchen.needs import find_needs, list_clashes, list_eaters, note_needs
from server.meals.models import Allergen, BookedBy, Diet, Handing
from server.meals.service import book_meal
from tests.factories.kitchen import make_dish
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def sitting(session, canteen):
    sitting = make_sitting(session, canteen, dishes=("香菜拌豆腐",))
    fish = make_dish(session, canteen, "蒸鱼", allergens=["fish"], diets=["low_salt"])
    put = "INSERT INTO sitting_dish (sitting_id, dish_id, position) VALUES (:s, :d, 9)"
    session.execute(text(put), {"s": sitting.id, "d": fish.id})
    return sitting


def eat(session, sitting, name, diet=Diet.NORMAL, **needs):
    resident = make_resident(session, name=name)
    if needs:
        given = {"usual_diet": diet, "allergens": [], "dislikes": []} | needs
        note_needs(session, resident.id, **given)
    book_meal(
        session,
        sitting_id=sitting.id,
        resident_id=resident.id,
        booked_by=BookedBy.STAFF,
        diet=diet,
        handing=Handing.DELIVERY,
    )
    return resident


def test_harm_stands_first_then_diets_then_tastes(session, sitting):
    eat(session, sitting, "丙不爱", dislikes=["香菜"])
    eat(session, sitting, "乙软食", Diet.SOFT)
    eat(session, sitting, "甲过敏", allergens=[Allergen.FISH])
    eat(session, sitting, "丁低盐", Diet.LOW_SALT)
    eat(session, sitting, "戊都行")

    found = list_clashes(session, sitting.id)

    told = [(row.name, row.harmful, row.is_unserved, row.disliked) for row in found]
    assert told == [
        ("甲过敏", ["蒸鱼"], False, []),
        ("乙软食", [], True, []),
        ("丙不爱", [], False, ["香菜拌豆腐"]),
    ]


def test_what_was_noted_last_holds(session, sitting):
    resident = eat(session, sitting, "甲", allergens=[Allergen.FISH])
    note_needs(session, resident.id, usual_diet=Diet.SOFT, allergens=[], dislikes=[])

    assert list_clashes(session, sitting.id) == []
    assert find_needs(session, resident.id).usual_diet is Diet.SOFT


def test_labels_carry_what_harms_and_where_to_bring_it(session, sitting):
    eat(session, sitting, "甲", allergens=[Allergen.FISH, Allergen.EGG])

    [label] = list_eaters(session, sitting.id)

    assert (label.name, label.allergens) == ("甲", ["egg", "fish"])
    assert label.address is not None


def test_of_nobody_nothing_is_noted(session):
    with pytest.raises(NotFound):
        note_needs(session, 9_999_999, usual_diet=Diet.NORMAL, allergens=[], dislikes=[])
