"""showOverview, showCanteen: how the canteens of a city or county are doing."""

import pytest

from server import clock
from server.identity.models import Role
from server.meals.models import BookingStatus
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_canteen, make_sitting

OFFICES = {Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.APPROVER, Role.AUDITOR}


class TestOverview(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, sitting):
        return "/meals/overview"


class TestExport(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/meals/overview.xlsx"


class TestCanteen(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/canteens/{canteen.site_id}"


@pytest.fixture
def city_office(sit_down):
    return sit_down(Role.CITY_OFFICER)


@pytest.fixture
def county_office(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def far_canteen(session):
    return make_canteen(session, name="沁水食堂", division_code=OTHER_COUNTY_VILLAGE)


def rows(page):
    """Each row of the table as name → numbers."""
    table = next(read(page).find("table"))
    return {
        next(row.find("th")).text: [
            int(cell.text) for cell in row.find("td") if cell.text.isdigit()
        ]
        for row in table.find("tr")
        if any(head.attributes["scope"].startswith("row") for head in row.find("th"))
    }


def test_numbers_stand_by_county_and_canteen_and_sum_up(city_office, sitting, seat, far_canteen):
    seat(sitting)
    seat(sitting, status=BookingStatus.COLLECTED)
    seat(sitting, status=BookingStatus.CANCELLED)

    found = rows(city_office.get("/meals/overview").text)

    today_and_week = [2, 1, 20] * 2
    assert found["城区"] == found["建设路食堂"] == found["合计"] == today_and_week
    assert found["沁水县"] == found["沁水食堂"] == [0] * 6


def test_the_file_holds_the_canteens_of_the_page(county_office, sitting, far_canteen):
    text = county_office.get("/meals/overview.csv").text

    assert "城区,建设路食堂,0,0,20,0,0,20" in text
    assert "沁水食堂" not in text


def test_a_closed_sitting_offers_no_places(city_office, sitting, session):
    sitting.closed_at = clock.now()
    session.flush()

    assert rows(city_office.get("/meals/overview").text)["建设路食堂"][2] == 0


def test_nothing_of_nothing_is_a_dash(city_office, canteen):
    page = city_office.get("/meals/overview").text

    assert "—" in page
    assert "100 %" not in page


def test_each_number_leads_to_its_rows(city_office, canteen, sitting):
    table = next(read(city_office.get("/meals/overview").text).find("table"))
    links = {a.attributes["href"] for a in table.find("a")}

    assert f"/admin/meals/canteens/{canteen.site_id}" in links
    assert "/admin/meals/overview?division=140502" in links
    for link in links:
        assert city_office.get(link.removeprefix("/admin")).status_code == 200


def test_a_county_officer_sees_the_county_alone(county_office, canteen, far_canteen):
    found = rows(county_office.get("/meals/overview").text)

    assert "建设路食堂" in found
    assert "沁水食堂" not in found


def test_beyond_the_county_nothing_is_found(county_office, far_canteen):
    assert county_office.get("/meals/overview?division=140521").status_code == 404
    assert county_office.get(f"/meals/canteens/{far_canteen.site_id}").status_code == 404


def test_the_crumbs_lead_up_as_far_as_one_may_look(county_office, canteen):
    page = read(county_office.get(f"/meals/canteens/{canteen.site_id}").text)
    crumbs = next(nav for nav in page.find("nav") if nav.attributes.get("class") == "breadcrumbs")

    assert [li.text for li in crumbs.find("li")] == ["晋城市", "城区", "建设路食堂"]
    assert [a.text for a in crumbs.find("a")] == ["城区"]


def test_without_canteens_it_says_so(city_office):
    assert "这里还没有食堂。" in city_office.get("/meals/overview").text


def test_a_canteens_week_shows_its_sittings_and_no_person(city_office, canteen, sitting, seat):
    seat(sitting, name="李秀英")

    page = city_office.get(f"/meals/canteens/{canteen.site_id}").text

    assert len(rows(page)) == 1
    assert "李秀英" not in page


def test_a_canteens_week_is_a_file_as_well(city_office, canteen, sitting, seat):
    seat(sitting, name="李秀英")

    file = city_office.get(f"/meals/canteens/{canteen.site_id}/week.csv").text.splitlines()

    assert len(file) == 2
    assert file[1].endswith(",1,0,19,20")


def test_another_week_is_asked_for_by_its_day(city_office, canteen, sitting):
    address = f"/meals/canteens/{canteen.site_id}?week=2020-01-08"

    page = city_office.get(address).text

    assert "1月6日" in page
    assert "这一周没有餐次。" in page


def test_more_canteens_ask_no_more_of_the_database(city_office, session, canteen, statements):
    with statements() as few:
        city_office.get("/meals/overview")
    for _ in range(6):
        make_sitting(session, in_days=0)
    with statements() as many:
        city_office.get("/meals/overview")

    assert len(many) == len(few)
