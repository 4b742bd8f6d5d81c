"""showWall, showLive: what hangs on the bureau's wall."""

import pytest
import time_machine

from admin.facilities import overview_keeping
from server import clock
from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.returns import make_return

PART = {"HX-Request": "true"}
OFFICES = {Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


class TestWall(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/beds/wall"


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER)


def test_six_figures_tell_of_what_is_counted_and_what_is_filed(city, session, home, beds, figures):
    make_return(session, usable=90, occupied=60, on_leave=2)

    assert figures(city.get("/beds/wall").text) == {
        "养老院": "2",
        "可用": "94",
        "占用": "60",
        "空闲": "32",
        "入住率": "63",
        "数据最新": "2",
    }


def test_each_county_says_in_words_how_fresh_it_is(city, session):
    make_return(session, make_site(session, division_code=OTHER_COUNTY_VILLAGE))
    make_return(session, ago=3)

    page = city.get("/beds/wall").text

    assert "1 家逾期" in page
    assert "数据最新" in page


def test_a_wall_that_would_look_the_same_is_not_sent_again(city, session, home, beds):
    first = city.get("/beds/wall/live", **PART)
    same = city.get("/beds/wall/live", **PART, **{"If-None-Match": first.headers["ETag"]})
    make_beds(session, 1, site=home)
    overview_keeping.forget()
    new = city.get("/beds/wall/live", **PART, **{"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, same.status_code, new.status_code) == (200, 304, 200)


def test_a_return_that_is_filed_is_a_new_wall(city, session):
    first = city.get("/beds/wall/live", **PART)
    make_return(session)
    overview_keeping.forget()

    after = city.get("/beds/wall/live", **PART, **{"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200


def test_a_county_has_a_wall_of_its_own(officer, city, session, figures):
    make_beds(session, 2, site=make_site(session, division_code=OTHER_COUNTY_VILLAGE))

    assert figures(city.get("/beds/wall").text)["可用"] == "2"
    assert figures(officer.get("/beds/wall").text)["可用"] == "—"


def test_the_wall_hangs_beside_the_overview_for_one_count(city, home, beds, monkeypatch):
    counted = []
    count = overview_keeping.read_homes
    monkeypatch.setattr(
        overview_keeping, "read_homes", lambda *asked: counted.append(1) or count(*asked)
    )

    with time_machine.travel(clock.now(), tick=False):
        pages = [city.get("/beds"), city.get("/beds/wall"), city.get("/beds/wall/live", **PART)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert counted == [1]


def test_what_the_wall_does_not_know_is_refused(city):
    for address in ("/beds/wall?division=140502", "/beds/wall/live?kind=medical"):
        assert city.get(address).status_code == 422
