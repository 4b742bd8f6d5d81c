"""showLive of the overview: as it is now, sent anew only when something changed."""

import pytest

from admin.facilities import overview_keeping
from server import clock
from server.facilities.stays.admitting import admit
from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.admin.facilities.test_show_overview import row
from tests.admin.page_lint import read
from tests.factories.facilities import make_bed
from tests.factories.people import make_resident

PART = {"HX-Request": "true"}
OFFICES = {Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


class TestLive(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/beds/overview/live"

    def test_it_opens_for_its_offices_alone(self, every_office, address):
        answers = {role: every_office(role).get(address, **PART).status_code for role in Role}

        assert answers == {role: 200 if role in self.roles else 403 for role in Role}


@pytest.fixture
def move_in(session, beds):
    def move_in(bed=0):
        resident = make_resident(session)
        admit(session, bed_id=beds[bed].id, resident_id=resident.id, admitted_on=clock.today())

    return move_in


@pytest.fixture
def later():
    """A third of a second has passed."""
    return overview_keeping._versions.forget


def asking(page):
    """The part of the page that asks again: its address and what it knows."""
    [part] = [
        e.attributes for e in read(page).find("section") if e.attributes.get("id") == "overview"
    ]
    return part


def test_the_page_keeps_itself_up_to_date_until_something_else_is_asked_for(officer, beds):
    assert asking(officer.get("/beds").text)["hx-get"] == "/admin/beds/overview/live"
    assert "kind=medical" in asking(officer.get("/beds?kind=medical").text)["hx-get"]
    assert "hx-get" not in asking(officer.get("/beds?day=2026-01-01").text)


def test_nothing_is_sent_while_nothing_has_changed(officer, beds, later):
    first = officer.get("/beds/overview/live", **PART)
    later()
    again = officer.get("/beds/overview/live", **PART, **{"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.text) == (304, "")


def test_the_page_knows_what_it_shows(officer, beds):
    known = asking(officer.get("/beds").text)["hx-headers"]
    mark = officer.get("/beds/overview/live", **PART).headers["ETag"]

    assert mark in known.replace("\\", "")


def test_a_change_is_in_the_next_answer(officer, home, beds, move_in, later):
    first = officer.get("/beds/overview/live", **PART)
    move_in()
    later()
    known = {"If-None-Match": first.headers["ETag"]}
    again = officer.get("/beds/overview/live", **PART, **known)

    assert again.status_code == 200
    assert row(again.text, home.name)[3] == "1"


def test_who_sees_more_is_not_sent_what_was_drawn_for_another(officer, sit_down, session, beds):
    far = make_bed(session, site=None)
    session.flush()
    near = officer.get("/beds/overview/live", **PART).text
    other = sit_down(Role.COUNTY_OFFICER, division_code="140521")

    assert f"home-{far.site_id}" in near
    assert f"home-{far.site_id}" not in other.get("/beds/overview/live", **PART).text


def test_each_filter_and_language_has_its_own(officer, sit_down, beds):
    plain = officer.get("/beds/overview/live", **PART)
    narrowed = officer.get("/beds/overview/live?kind=medical", **PART)
    english = officer.get("/beds/overview/live", **PART, **{"Accept-Language": "en"})

    assert len({one.headers["ETag"] for one in (plain, narrowed, english)}) == 3


def test_another_county_is_not_found(officer):
    assert officer.get("/beds/overview/live?division=140521", **PART).status_code == 404


def test_beside_one_county_everybody_is_drawn_the_counties_of_their_own_reach(
    officer, sit_down, beds
):
    near = "/beds/overview/live?division=140502"
    city = sit_down(Role.CITY_OFFICER, division_code="1405")
    of_the_city = city.get(near, **PART)
    of_the_county = officer.get(near, **PART)

    assert of_the_city.text.count("tiles__place") > 1
    assert of_the_county.text.count("tiles__place") == 1
    assert of_the_city.headers["ETag"] != of_the_county.headers["ETag"]


def test_a_time_that_one_viewer_asked_for_is_in_nobody_elses_links(officer, beds):
    odd = officer.get("/beds/overview/live?known_time=03:04:05", **PART)

    assert "known_time" not in odd.text
    assert "known_time" not in officer.get("/beds/overview/live", **PART).text
