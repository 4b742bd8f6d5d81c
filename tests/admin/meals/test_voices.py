"""What eaters say at the console: answered by the canteen, looked into by the county."""

import pytest

from server import clock
from server.identity.models import Role
from server.meals.queries.bookings import get_booking
from server.meals.voices import service
from server.meals.voices.models import MealVoiceKind
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.eaten import Kitchen


@pytest.fixture
def kitchen(session):
    return Kitchen(session)


@pytest.fixture
def said(session, kitchen):
    meal = get_booking(session, kitchen.eaten().id)
    return service.say(session, meal, kind=MealVoiceKind.COLD, words="汤是凉的")


@pytest.fixture
def canteen(sit_down, kitchen):
    return sit_down(Role.CANTEEN_STAFF, site_id=kitchen.site_id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def test_a_canteen_answers_and_the_county_takes_what_is_not_solved(session, said, canteen, county):
    assert "汤是凉的" in canteen.get("/meals/voices").text
    assert (
        canteen.post(f"/meals/voices/{said.id}/answer", {"answer": "换保温箱"}).status_code == 303
    )
    again = service.say_not_solved(session, said.id, words="还是凉的")
    session.commit()

    page = f"/meals/voices/{again.id}"
    assert canteen.post(f"{page}/answer", {"answer": "我们再看"}).status_code == 403
    assert canteen.post(f"{page}/handing-on", {}).status_code == 403
    assert county.post(f"{page}/handing-on", {"handed_words": "请更换"}).status_code == 303
    assert canteen.post(f"{page}/answer", {"answer": "已更换"}).status_code == 303
    assert county.get("/meals/voices/export.csv").status_code == 200


def test_another_county_hears_nothing_of_it(said, sit_down):
    elsewhere = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])

    assert "汤是凉的" not in elsewhere.get("/meals/voices").text
    answered = elsewhere.post(f"/meals/voices/{said.id}/answer", {"answer": "知道了"})
    assert answered.status_code == 404


def test_satisfaction_stands_with_its_counts_and_nothing_is_a_dash(kitchen, said, county):
    page = county.get(f"/meals/voices/satisfaction?month={kitchen.month:%Y-%m}").text

    assert "— <span" in page
    assert "0／0" in page


def test_an_announcement_is_made_and_taken_back(kitchen, canteen, county):
    today = clock.today().isoformat()
    form = {"site_id": str(kitchen.site_id), "title": "周六停业", "words": "检修一天",
            "starts_on": today, "ends_on": today}  # fmt: skip

    assert canteen.post("/meals/notices", form).status_code == 303
    assert canteen.post("/meals/notices", form | {"site_id": ""}).status_code == 404
    page = county.get("/meals/notices").text
    number = page.split("/meals/notices/")[-1].split("/")[0]
    assert canteen.post(f"/meals/notices/{number}/withdrawal", {}).status_code == 303
    assert "已撤回" in county.get("/meals/notices").text
