"""getDishPhoto"""

from sqlalchemy import select

from server.meals.models import Dish
from server.meals.photos import put_dish_photo, remove_dish_photo
from tests.factories.meals import make_sitting
from tests.factories.pictures import picture
from tests.mobile_api.refusals import refusal


def menu_of(phone, sitting):
    address = f"/v1/canteens/{sitting.canteen_id}/menu?from={sitting.service_on}&days=1"
    [dish] = phone.get(address).json["days"][0]["sittings"][0]["dishes"]
    return dish


def test_whoever_reads_the_menu_sees_the_dish_until_its_photo_is_taken_out(phone, session):
    sitting = make_sitting(session, dishes=("清蒸鱼",))
    dish = session.execute(select(Dish).where(Dish.canteen_id == sitting.canteen_id)).scalar_one()
    put_dish_photo(session, sitting.canteen_id, dish.id, picture())

    address = menu_of(phone, sitting)["photo_url"].removeprefix("/api")
    shown = phone.client.get(address)

    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "public" in shown.headers["Cache-Control"]
    remove_dish_photo(session, sitting.canteen_id, dish.id)
    assert refusal(phone.client.get(address)) == (404, "not-found")
