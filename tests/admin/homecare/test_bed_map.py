"""Where beds at home stand: the very house for whoever goes there, about where for who looks on."""

import pytest

from server.identity.models import Role
from tests.factories.homecare import HERE


@pytest.fixture
def home(session, bed):
    bed.x, bed.y = 112.85123, 35.49456
    session.flush()
    return bed


def place(desk):
    [found] = desk.get("/home-beds/map/beds.json").json["homes"]
    return found


def test_the_county_sees_the_house_and_a_state_by_shape_and_words(county, home):
    found = place(county)

    assert (found["x"], found["y"], found["room"]) == (112.85123, 35.49456, "free")
    assert "服务中" in found["words"]


def test_an_auditor_sees_about_where(sit_down, home):
    auditor = sit_down(Role.AUDITOR)
    found = place(auditor)

    assert (found["x"], found["y"]) == (112.85, 35.49)
    assert "约一公里" in auditor.get("/home-beds/map").text
    assert str(HERE[0]) not in auditor.get("/home-beds/export.csv").text


def test_a_bed_without_a_place_stands_in_the_table(session, county, home):
    home.x = home.y = None
    session.flush()

    page = county.get("/home-beds/map").text
    assert "1 张床位还没有定位" in page
    assert county.get("/home-beds/map/beds.json").json["homes"] == []


def test_numbers_by_town_open_their_rows(county, home):
    assert "place=" in county.get("/home-beds/map").text
    assert "李秀英" in county.get("/home-beds?place=140502&state=serving").text
    assert "李秀英" not in county.get("/home-beds?place=140521").text


def test_another_provider_sees_nothing(other_manager, home):
    assert other_manager.get("/home-beds/map/beds.json").json["homes"] == []
