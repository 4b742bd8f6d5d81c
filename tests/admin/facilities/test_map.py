"""showMap: the homes of the overview with their places, and the counties as tiles."""

import pytest

from admin.facilities import overview_keeping
from admin.facilities.map_reading import tiles
from admin.facilities.overview_reading import FIGURES, County, Freshness, Home
from server.identity.models import Role
from server.settings import Settings
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.returns import make_return

HERE = {"x": 112.85, "y": 35.49}


class TestMap(OpensFor):
    roles = {Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}

    @pytest.fixture
    def address(self):
        return "/beds/map.json"


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER)


def marks(desk, query=""):
    return {home["name"]: home for home in desk.get(f"/beds/map.json{query}").json["homes"]}


def test_a_home_with_a_place_is_a_mark_that_leads_to_it(city, session):
    home = make_site(session, name="桑榆里养老院", **HERE)
    make_beds(session, 3, site=home)
    make_bed(session, site=make_site(session, name="无处养老院"))

    found = marks(city)

    assert found.keys() == {"桑榆里养老院"}
    mark = found["桑榆里养老院"]
    assert (mark["x"], mark["y"]) == (HERE["x"], HERE["y"])
    assert (mark["free"], mark["room"], mark["freshness"]) == (3, "free", "fresh")
    assert mark["address"] == f"/admin/beds/{home.id}"
    assert "空床 3 张" in mark["words"]


def test_what_a_home_files_is_told_with_its_day_and_how_fresh_it_is(city, session):
    full = make_site(session, name="满院", **HERE)
    late = make_site(session, name="旧院", **HERE)
    make_site(session, name="无院", **HERE)
    make_return(session, full, usable=60, occupied=58, on_leave=2)
    make_return(session, late, ago=3)

    found = marks(city)

    assert (found["满院"]["room"], found["满院"]["freshness"]) == ("full", "fresh")
    assert (found["旧院"]["free"], found["旧院"]["freshness"]) == (28, "overdue")
    assert (found["无院"]["room"], found["无院"]["freshness"]) == ("unknown", "overdue")
    assert found["旧院"]["address"] == f"/admin/providers/sites/{late.id}"


def test_a_county_sees_its_own_alone(officer, session):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE, **HERE)
    make_bed(session, site=far)

    assert officer.get("/beds/map.json").json["homes"] == []
    assert officer.get("/beds/map.json?division=140521").status_code == 404


def test_a_filter_of_the_overview_is_one_of_the_map(city, session):
    make_bed(session, site=make_site(session, **HERE))

    assert marks(city, "?kind=hospice") == {}
    assert city.get("/beds/map.json?colour=red").status_code == 422


def test_without_a_host_for_pictures_the_ground_is_plain(city):
    assert Settings().tiles_url == ""
    assert city.get("/beds/map.json").json["tiles_url"] == ""


def test_more_homes_ask_no_more_of_the_database(city, session, statements):
    def ask():
        make_bed(session, site=make_site(session, **HERE))
        make_return(session, make_site(session, **HERE))
        overview_keeping.forget()
        with statements() as sent:
            city.get("/beds/map.json")
        return len(sent)

    few = ask()
    ask()
    assert ask() == few


def a_county(code, position, *freshness):
    nothing = dict.fromkeys(FIGURES)
    homes = [
        Home(place, f"{code}-{place}", code, nothing, freshness=fresh, position=position)
        for place, fresh in enumerate(freshness or [Freshness.FRESH])
    ]
    return County(code, code, homes)


def test_counties_stand_roughly_as_they_lie():
    north_east, north_west = a_county("1", (113.3, 35.8)), a_county("2", (112.2, 35.7))
    south_east, nowhere = a_county("3", (112.9, 35.4)), a_county("4", None)

    rows = tiles([north_east, north_west, south_east, nowhere])

    assert [[one.code for one in row] for row in rows] == [["2", "1"], ["3", "4"]]
    assert tiles([]) == []


def test_a_county_is_as_fresh_as_the_least_fresh_of_its_homes():
    county = a_county("1", None, Freshness.FRESH, Freshness.OVERDUE, Freshness.STALE)

    assert county.freshness is Freshness.OVERDUE
    assert county.overdue == 1
    assert County("2", "2", ()).freshness is None
