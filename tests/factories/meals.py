"""Canteens, menus and sittings."""

from datetime import datetime, time, timedelta
from itertools import count

from server import clock
from server.meals.models import Canteen, Dish, Meal, OperatingModel, Sitting, SittingDish
from server.providers.models import FacilityKind, Site
from tests.cities import VILLAGE

_numbers = count(1)


def make_site(session, **given):
    values = {
        "kind": FacilityKind.CARE_HOME,
        "name": f"德善养老院{next(_numbers)}",
        "division_code": VILLAGE,
        "address": "建设路 1 号",
        "phone": "+863562000000",
    } | given
    site = Site(**values)
    session.add(site)
    session.flush()
    return site


def make_canteen(session, *, name=None, division_code=VILLAGE, **given):
    site = make_site(
        session,
        kind=FacilityKind.CANTEEN,
        name=name or f"建设路食堂{next(_numbers)}",
        division_code=division_code,
    )
    canteen = Canteen(**{"site_id": site.id, "operating_model": OperatingModel.PARTY_LED} | given)
    session.add(canteen)
    session.flush()
    return canteen


def make_sitting(session, canteen=None, *, in_days=1, dishes=("米饭", "清蒸鱼"), **given):
    """A published lunch in `in_days` days that can be booked until an hour before it."""
    canteen = canteen or make_canteen(session)
    day = clock.today() + timedelta(days=in_days)
    values = {
        "canteen_id": canteen.site_id,
        "service_on": day,
        "meal": Meal.LUNCH,
        "capacity": 20,
        "serves_from": time(11),
        "serves_until": time(12, 30),
        "cutoff_at": datetime.combine(day, time(10), clock.CITY),
        "list_price_fen": 1200,
        "published_at": clock.now(),
    } | given
    sitting = Sitting(**values)
    session.add(sitting)
    session.flush()
    for position, name in enumerate(dishes):
        dish = Dish(canteen_id=canteen.site_id, name=name, picture="rice")
        session.add(dish)
        session.flush()
        session.add(SittingDish(sitting_id=sitting.id, dish_id=dish.id, position=position))
    session.flush()
    return sitting
