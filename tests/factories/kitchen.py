"""Templates, dishes of a kitchen, and its people."""

from datetime import time

from server import clock
from server.identity.models import Role, Staff, StaffRole
from server.meals.kitchen.templates import Served
from server.meals.models import Dish
from tests.factories.people import LONG_AGO


def served(**given):
    """Lunch from today on, as `set_templates` takes it."""
    values = {
        "starts_on": clock.today(),
        "is_served": True,
        "serves_from": time(11),
        "serves_until": time(12, 30),
        "capacity": 40,
        "list_price_fen": 1200,
    } | given
    return Served(**values)


def make_dish(session, canteen, name, **given):
    dish = Dish(canteen_id=canteen.site_id, name=name, **given)
    session.add(dish)
    session.flush()
    return dish


def make_cook(session, canteen, *, name="王师傅", phone="+8613700000001"):
    cook = Staff(sign_in_name=f"cook-{canteen.site_id}", display_name=name, phone=phone)
    session.add(cook)
    session.flush()
    role = StaffRole(
        staff_id=cook.id,
        role=Role.CANTEEN_STAFF,
        site_id=canteen.site_id,
        starts_on=LONG_AGO,
    )
    session.add(role)
    session.flush()
    return cook
