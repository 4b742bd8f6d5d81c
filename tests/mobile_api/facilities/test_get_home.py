"""getHome"""

from server.providers.models import FacilityKind, OpeningState
from server.providers.service import add_photo
from tests.factories.meals import make_site
from tests.factories.pictures import picture
from tests.mobile_api.refusals import refusal


def test_a_home_says_what_it_costs_and_what_is_free(phone, resident, bed, home):
    shown = phone.get(f"/v1/homes/{home.id}?resident_id={resident.id}").json

    assert (shown["name"], shown["monthly_price_from_fen"]) == ("德善养老院", 180_000)
    assert shown["beds"] == [{"kind": "institution", "beds": 1, "free": 1, "free_nursing": 0}]
    assert shown["is_open"]


def test_a_home_shows_stars_each_price_services_and_photos(
    phone, resident, session, home, rate, ask_for
):
    home.services = ["full_care", "meals"]
    rate(home, 5)
    ask_for(home, deposit=(100_000, 100_000), bed=(80_000, 120_000), meals=(30_000, 30_000))
    add_photo(session, home.id, picture(), caption="大门")

    shown = phone.get(f"/v1/homes/{home.id}?resident_id={resident.id}").json

    assert (shown["stars"], shown["services"]) == (5, ["full_care", "meals"])
    assert shown["prices"] == [
        {"item": "bed", "lowest_fen": 80_000, "highest_fen": 120_000},
        {"item": "meals", "lowest_fen": 30_000, "highest_fen": 30_000},
        {"item": "deposit", "lowest_fen": 100_000, "highest_fen": 100_000},
    ]
    [photo] = shown["photos"]
    assert photo["caption"] == "大门"
    assert phone.get(f"/v1{photo['path']}").mimetype == "image/jpeg"


def test_a_home_that_is_suspended_takes_nobody_in(phone, resident, session, bed, home):
    home.opening_state = OpeningState.SUSPENDED
    session.flush()

    shown = phone.get(f"/v1/homes/{home.id}?resident_id={resident.id}").json

    assert (shown["is_open"], shown["is_accepting"]) == (False, False)


def test_a_bed_that_is_offered_is_not_free(phone, resident, home, offer):
    shown = phone.get(f"/v1/homes/{home.id}?resident_id={resident.id}").json

    assert shown["beds"][0]["free"] == 0


def test_a_canteen_is_no_home(phone, resident, session):
    canteen = make_site(session, kind=FacilityKind.CANTEEN)

    answer = phone.get(f"/v1/homes/{canteen.id}?resident_id={resident.id}")

    assert refusal(answer) == (404, "not-found")
