"""getMealEntitlement"""

from server import clock
from server.meals.entitlement import SUBSIDY_CLASSES
from server.policies.models import Parameter, Standing
from server.residents.models import HardshipTier
from tests.factories.people import make_hardship
from tests.mobile_api.refusals import refusal


def test_it_says_what_is_added_to_each_meal_and_by_which_document(phone, resident, session):
    make_hardship(session, resident, HardshipTier.DIBAO)

    shown = phone.get(f"/v1/residents/{resident.id}/meal-entitlement").json

    lunch = next(one for one in shown["meals"] if one["meal"] == "lunch")
    assert [(one["text"], one["fen"]) for one in lunch["on_workdays"]] == [
        ("按年龄的补贴", 300),
        ("困难补贴", 200),
    ]
    assert lunch["on_other_days"] == lunch["on_workdays"]
    assert shown["meals_a_day"] == 2
    assert shown["documents"] == ["丹东市《老年助餐服务补贴支持办法（试行）》"]


def test_a_city_that_pays_by_class_is_told_by_its_classes(phone, resident, session):
    classes = [{"class": "age", "from_age": 70, "meals": ["lunch"], "days": "working", "fen": 300}]
    session.add(
        Parameter(
            key=SUBSIDY_CLASSES, key_no=99_999, value=classes, starts_on=clock.today(),
            document="本市办法", clause="三", standing=Standing.SOURCED, pack="city",
        )
    )  # fmt: skip

    meals = phone.get(f"/v1/residents/{resident.id}/meal-entitlement").json["meals"]

    paid = {one["meal"]: (len(one["on_workdays"]), len(one["on_other_days"])) for one in meals}
    assert paid == {"breakfast": (0, 0), "lunch": (1, 0), "dinner": (0, 0)}


def test_a_neighbour_is_told_nothing(neighbours_phone, resident):
    answer = neighbours_phone.get(f"/v1/residents/{resident.id}/meal-entitlement")

    assert refusal(answer) == (404, "not-found")
