"""getCanteen"""

from tests.factories.meals import make_canteen, make_site
from tests.mobile_api.refusals import refusal


def test_it_is_what_the_list_shows(phone, resident, session):
    canteen = make_canteen(session)
    [listed] = phone.get(f"/v1/canteens?resident_id={resident.id}").json["items"]

    shown = phone.get(f"/v1/canteens/{canteen.site_id}?resident_id={resident.id}")

    assert shown.json == listed


def test_a_site_without_meals_is_not_found(phone, resident, session):
    home = make_site(session)

    response = phone.get(f"/v1/canteens/{home.id}?resident_id={resident.id}")

    assert refusal(response) == (404, "not-found")


def test_for_a_stranger_it_is_not_found(phone, neighbour, session):
    canteen = make_canteen(session)

    response = phone.get(f"/v1/canteens/{canteen.site_id}?resident_id={neighbour.id}")

    assert refusal(response) == (404, "not-found")
