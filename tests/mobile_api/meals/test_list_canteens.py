"""listCanteens"""

from server.meals.models import Meal
from server.providers.models import OpeningState, Site
from tests.cities import NEIGHBOUR_VILLAGE, OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_canteen, make_site, make_sitting
from tests.mobile_api.refusals import refusal


def test_the_nearest_come_first(phone, resident, session):
    far = make_canteen(session, name="甲", division_code=OTHER_COUNTY_VILLAGE)
    town = make_canteen(session, name="乙", division_code=NEIGHBOUR_VILLAGE)
    village = make_canteen(session, name="丙")
    make_site(session)

    items = phone.get(f"/v1/canteens?resident_id={resident.id}").json["items"]

    assert [(one["id"], one["nearness"]) for one in items] == [
        (village.site_id, "same_village"),
        (town.site_id, "same_town"),
        (far.site_id, "city"),
    ]


def test_it_shows_the_meals_and_todays_places(phone, resident, session):
    canteen = make_canteen(session, name="一心食堂")
    make_sitting(session, canteen, meal=Meal.DINNER)
    make_sitting(session, canteen)

    [shown] = phone.get(f"/v1/canteens?resident_id={resident.id}").json["items"]

    assert shown == {
        "id": canteen.site_id,
        "name": "一心食堂",
        "address": "建设路 1 号",
        "phone": "+863562000000",
        "operating_model": "party_led",
        "distance_m": None,
        "nearness": "same_village",
        "is_usual": False,
        "serves": ["lunch", "dinner"],
        "opening_text": "黄华街社区",
        "places_left_today": None,
    }


def test_closed_ones_are_left_out(phone, resident, session):
    canteen = make_canteen(session)
    session.get_one(Site, canteen.site_id).opening_state = OpeningState.CLOSED

    assert phone.get(f"/v1/canteens?resident_id={resident.id}").json["items"] == []


def test_the_pages_hold_everything_once_also_where_names_are_alike(phone, resident, session):
    made = {make_canteen(session, name=name).site_id for name in ("同名", "同名", "同名", "另")}
    found, cursor = [], ""
    while cursor is not None:
        page = phone.get(f"/v1/canteens?resident_id={resident.id}&limit=1{cursor}").json
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"

    assert len(found) == 4
    assert set(found) == made


def test_near_a_stranger_nothing_is_found(phone, neighbour):
    assert refusal(phone.get(f"/v1/canteens?resident_id={neighbour.id}")) == (404, "not-found")
