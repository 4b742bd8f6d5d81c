"""getHome"""

from server.providers.models import FacilityKind
from tests.factories.meals import make_site
from tests.mobile_api.refusals import refusal


def test_a_home_says_what_it_costs_and_what_is_free(phone, resident, bed, home):
    shown = phone.get(f"/v1/homes/{home.id}?resident_id={resident.id}").json

    assert (shown["name"], shown["monthly_price_from_fen"]) == ("德善养老院", 180_000)
    assert shown["beds"] == [{"kind": "institution", "beds": 1, "free": 1, "free_nursing": 0}]
    assert shown["is_open"]


def test_a_bed_that_is_offered_is_not_free(phone, resident, home, offer):
    shown = phone.get(f"/v1/homes/{home.id}?resident_id={resident.id}").json

    assert shown["beds"][0]["free"] == 0


def test_a_canteen_is_no_home(phone, resident, session):
    canteen = make_site(session, kind=FacilityKind.CANTEEN)

    answer = phone.get(f"/v1/homes/{canteen.id}?resident_id={resident.id}")

    assert refusal(answer) == (404, "not-found")
