"""菜品: what a canteen can put on its menus."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals.models import Dish


def list_dishes(session: Session, canteen_id: int, *, offered: bool = False) -> Sequence[Dish]:
    """Return a canteen's dishes by name, those given up last, or only those `offered`."""
    query = select(Dish).where(col(Dish.canteen_id) == canteen_id)
    if offered:
        query = query.where(col(Dish.is_offered).is_(True))
    order = (col(Dish.is_offered).desc(), col(Dish.name), col(Dish.id))
    return session.execute(query.order_by(*order)).scalars().all()


def get_dish(session: Session, canteen_id: int, dish_id: int) -> Dish:
    """Return a dish of this canteen; raises `NotFound` for any other."""
    found = session.get(Dish, dish_id)
    if found is None or found.canteen_id != canteen_id:
        raise NotFound()
    return found


def keep_dish(
    session: Session, canteen_id: int, values: Mapping[str, Any], *, dish_id: int | None = None
) -> Dish:
    """Enter a dish, or put one right; raises `NotFound` for a dish of another canteen."""
    if dish_id is None:
        dish = Dish(canteen_id=canteen_id, **values)
        session.add(dish)
    else:
        dish = get_dish(session, canteen_id, dish_id)
        for name, value in values.items():
            setattr(dish, name, value)
    session.flush()
    return dish
