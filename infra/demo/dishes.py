"""Dishes of home cooking in southern 山西, with the marks an eater must see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from sqlalchemy import insert, select
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from server.meals.models import Diet, Dish, Meal


class Course(Enum):
    """What a dish is on the tray."""

    MAIN = auto()
    SECOND = auto()
    GREENS = auto()
    SOUP = auto()
    STAPLE = auto()
    MORNING = auto()
    MORNING_STAPLE = auto()
    FRUIT = auto()


# A tray of each meal, in the order of the menu: one dish of each of these.
TRAYS: Mapping[Meal, Sequence[Course]] = {
    Meal.BREAKFAST: (Course.MORNING_STAPLE, Course.MORNING, Course.SOUP),
    Meal.LUNCH: (Course.MAIN, Course.SECOND, Course.GREENS, Course.SOUP, Course.STAPLE,
                 Course.FRUIT),
    Meal.DINNER: (Course.SECOND, Course.GREENS, Course.SOUP, Course.STAPLE),
}  # fmt: skip


@dataclass(frozen=True)
class PlannedDish:
    """A dish that any canteen may cook."""

    course: Course
    name: str
    picture: str
    diets: tuple[Diet, ...] = ()
    allergens: tuple[str, ...] = ()


SOFT, LOW_SALT, LOW_SUGAR = Diet.SOFT, Diet.LOW_SALT, Diet.LOW_SUGAR
LOW_FAT, GREEN, LIQUID, HALAL = Diet.LOW_FAT, Diet.VEGETARIAN, Diet.SEMI_LIQUID, Diet.HALAL

DISHES: Sequence[PlannedDish] = (
    PlannedDish(Course.MAIN, "山西过油肉", "meat", (), ("egg", "soy")),
    PlannedDish(Course.MAIN, "红烧肉炖土豆", "meat", (SOFT,), ("soy",)),
    PlannedDish(Course.MAIN, "清蒸鲈鱼", "fish", (LOW_SALT, LOW_FAT), ("fish", "soy")),
    PlannedDish(Course.MAIN, "红烧带鱼", "fish", (), ("fish", "soy", "wheat")),
    PlannedDish(Course.MAIN, "香菇滑鸡", "meat", (SOFT, LOW_FAT), ("soy",)),
    PlannedDish(Course.MAIN, "清炖狮子头", "meat", (SOFT,), ("egg", "wheat")),
    PlannedDish(Course.MAIN, "胡萝卜炖牛肉", "meat", (HALAL,), ("soy",)),
    PlannedDish(Course.MAIN, "无刺鱼丸煮白菜", "fish", (SOFT, LOW_FAT), ("fish", "egg")),
    PlannedDish(Course.SECOND, "番茄炒鸡蛋", "egg", (SOFT,), ("egg",)),
    PlannedDish(Course.SECOND, "肉末蒸蛋", "egg", (SOFT, LIQUID), ("egg", "soy")),
    PlannedDish(Course.SECOND, "家常豆腐", "tofu", (GREEN,), ("soy",)),
    PlannedDish(Course.SECOND, "小葱拌豆腐", "tofu", (GREEN, SOFT, LOW_FAT), ("soy", "sesame")),
    PlannedDish(Course.SECOND, "虾仁烩豆腐", "tofu", (SOFT,), ("shellfish", "soy")),
    PlannedDish(Course.SECOND, "韭菜炒鸡蛋", "egg", (), ("egg",)),
    PlannedDish(Course.SECOND, "木耳炒肉片", "meat", (), ("soy",)),
    PlannedDish(Course.GREENS, "清炒小白菜", "vegetable", (GREEN, LOW_SALT, LOW_FAT)),
    PlannedDish(Course.GREENS, "蒜蓉西兰花", "vegetable", (GREEN, LOW_FAT)),
    PlannedDish(Course.GREENS, "醋溜土豆丝", "vegetable", (GREEN,)),
    PlannedDish(Course.GREENS, "素烧冬瓜", "vegetable", (GREEN, SOFT, LOW_SUGAR)),
    PlannedDish(Course.GREENS, "炒三丝", "vegetable", (GREEN,)),
    PlannedDish(Course.GREENS, "红烧茄子", "vegetable", (GREEN, SOFT), ("soy",)),
    PlannedDish(Course.GREENS, "老醋菠菜花生", "vegetable", (GREEN,), ("peanut",)),
    PlannedDish(Course.SOUP, "小米南瓜粥", "soup", (GREEN, SOFT, LIQUID)),
    PlannedDish(Course.SOUP, "紫菜蛋花汤", "soup", (LIQUID,), ("egg",)),
    PlannedDish(Course.SOUP, "冬瓜排骨汤", "soup", (LOW_SUGAR,)),
    PlannedDish(Course.SOUP, "番茄疙瘩汤", "soup", (SOFT,), ("wheat", "egg")),
    PlannedDish(Course.SOUP, "山药羊肉汤", "soup", (HALAL,)),
    PlannedDish(Course.SOUP, "大米绿豆粥", "soup", (GREEN, SOFT, LIQUID)),
    PlannedDish(Course.STAPLE, "软米饭", "rice", (GREEN, SOFT)),
    PlannedDish(Course.STAPLE, "杂粮饭", "rice", (GREEN, LOW_SUGAR)),
    PlannedDish(Course.STAPLE, "手工馒头", "bun", (GREEN,), ("wheat",)),
    PlannedDish(Course.STAPLE, "西红柿打卤面", "noodle", (SOFT,), ("wheat", "egg")),
    PlannedDish(Course.STAPLE, "刀削面", "noodle", (), ("wheat", "soy")),
    PlannedDish(Course.STAPLE, "莜面栲栳栳", "noodle", (GREEN, LOW_SUGAR), ("gluten",)),
    PlannedDish(Course.MORNING_STAPLE, "猪肉白菜包子", "bun", (), ("wheat", "soy")),
    PlannedDish(Course.MORNING_STAPLE, "素三鲜包子", "bun", (GREEN,), ("wheat", "egg")),
    PlannedDish(Course.MORNING_STAPLE, "发面花卷", "bun", (GREEN, SOFT), ("wheat",)),
    PlannedDish(Course.MORNING, "水煮鸡蛋", "egg", (LOW_SALT,), ("egg",)),
    PlannedDish(Course.MORNING, "凉拌豆腐丝", "tofu", (GREEN,), ("soy", "sesame")),
    PlannedDish(Course.MORNING, "鸡蛋羹", "egg", (SOFT, LIQUID, LOW_SALT), ("egg",)),
    PlannedDish(Course.FRUIT, "苹果", "fruit", (GREEN,)),
    PlannedDish(Course.FRUIT, "蒸梨", "fruit", (GREEN, SOFT)),
    PlannedDish(Course.FRUIT, "香蕉", "fruit", (GREEN, SOFT)),
)
COURSE_OF = {dish.name: dish.course for dish in DISHES}
LEFT_OUT_SHARE = 0.25

Larder = Mapping[Course, Sequence[int]]


def put_dishes(session: Session, beginning: Beginning, canteen_ids: Sequence[int]) -> None:
    """Give every canteen most of the dishes, and of each course at least two."""
    rows = []
    for number, canteen_id in enumerate(canteen_ids):
        chance = Random(f"{beginning.seed}/dishes/{number}")
        rows += [
            {
                "canteen_id": canteen_id,
                "name": dish.name,
                "picture": dish.picture,
                "diets": [diet.value for diet in dish.diets],
                "allergens": list(dish.allergens),
            }
            for dish in _repertoire(chance)
        ]
    session.execute(insert(Dish), rows)


def larders(session: Session, canteen_ids: Sequence[int]) -> dict[int, Larder]:
    """Return what each canteen can cook: canteen → course → dish ids, as the demo named them."""
    rows = session.execute(
        select(col(Dish.id), col(Dish.canteen_id), col(Dish.name))
        .where(col(Dish.canteen_id).in_(canteen_ids), col(Dish.name).in_(COURSE_OF))
        .order_by(col(Dish.id))
    )
    found: dict[int, dict[Course, list[int]]] = {canteen_id: {} for canteen_id in canteen_ids}
    for row in rows:
        found[row.canteen_id].setdefault(COURSE_OF[row.name], []).append(row.id)
    return dict(found)


def lay_tray(chance: Random, larder: Larder, meal: Meal) -> list[int]:
    """Return the dishes of a meal in the order of the menu."""
    return [chance.choice(larder[course]) for course in TRAYS[meal] if larder.get(course)]


def _repertoire(chance: Random) -> list[PlannedDish]:
    kept: list[PlannedDish] = []
    for course in Course:
        dishes = [dish for dish in DISHES if dish.course is course]
        left_out = int(len(dishes) * LEFT_OUT_SHARE)
        kept += chance.sample(dishes, len(dishes) - left_out)
    return kept
