"""showToday, showLive: the board of a canteen's day."""

import pytest

from admin.meals import reading
from server.identity.models import Role
from server.meals.models import BookingStatus
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.factories.meals import make_canteen, make_site, make_sitting

LIVE = {"HX-Request": "true"}


class TestToday(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, sitting):
        return "/meals/today"


class TestLive(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/today/live?canteen={canteen.site_id}"

    @pytest.mark.parametrize("role", list(Role))
    def test_it_opens_for_its_offices_alone(self, role, every_office, address):
        response = every_office(role).get(address, **LIVE)

        assert response.status_code == (200 if role in self.roles else 403)

    def test_a_part_leads_the_whole_page_to_the_door(self, stranger, address):
        response = stranger.get(address, **LIVE)

        assert response.status_code == 401
        assert response.headers["HX-Redirect"] == "/admin/sign-in"


def figures(page):
    """The big numbers of each sitting."""
    return [
        [e.text for e in card.find("span") if e.attributes.get("class") == "stat__figure"]
        for card in read(page).find("article")
    ]


def test_it_counts_booked_collected_and_left(desk, sitting, seat):
    seat(sitting)
    seat(sitting, status=BookingStatus.COLLECTED)
    seat(sitting, status=BookingStatus.CANCELLED)

    assert figures(desk.get("/meals/today").text) == [["2 / 20 份", "1", "1", "18"]]


def test_another_canteens_sittings_and_other_days_are_not_there(desk, sitting, session):
    make_sitting(session, in_days=0)
    make_sitting(session, in_days=1)

    assert len(figures(desk.get("/meals/today").text)) == 1


def test_an_empty_day_says_what_comes_next(desk):
    assert "今天没有供餐。" in desk.get("/meals/today").text


def test_who_works_at_two_canteens_chooses(sit_down, session, hire, app):
    both = make_canteen(session, name="东街食堂"), make_canteen(session, name="西街食堂")
    desk = sit_down(Role.CANTEEN_STAFF, division_code="1405")

    page = desk.get("/meals/today").text
    chosen = desk.get(f"/meals/today?canteen={both[1].site_id}").text

    assert "您要看哪个食堂？" in page
    assert "西街食堂" in read(chosen).text


def test_an_office_without_a_canteen_says_so(sit_down, session):
    desk = sit_down(Role.CANTEEN_STAFF, site_id=make_site(session).id)

    assert "您的岗位没有对应的食堂。" in desk.get("/meals/today").text


@pytest.mark.parametrize("address", ["/meals/today", "/meals/today/live"])
def test_another_canteens_day_is_not_found(desk, session, address):
    other = make_canteen(session)

    assert desk.get(f"{address}?canteen={other.site_id}").status_code == 404


def test_the_board_answers_304_until_a_count_changes(desk, sitting, seat, canteen):
    address = f"/meals/today/live?canteen={canteen.site_id}"
    first = desk.get(address, **LIVE)
    unchanged = desk.get(address, **LIVE, **{"If-None-Match": first.headers["ETag"]})
    seat(sitting)
    changed = desk.get(address, **LIVE, **{"If-None-Match": first.headers["ETag"]})

    assert (unchanged.status_code, unchanged.text) == (304, "")
    assert changed.status_code in (200, 304)  # for half a second the board is remembered


def test_the_page_asks_with_the_version_it_shows(desk, sitting, canteen):
    page = read(desk.get("/meals/today").text)
    board = next(e for e in page.find("section") if e.attributes.get("id") == "board")
    answer = desk.get(f"/meals/today/live?canteen={canteen.site_id}", **LIVE)

    asked = board.attributes["hx-headers"].replace("\\", "")
    assert answer.headers["ETag"] in asked


def test_many_viewers_cost_one_look(app, sit_down, canteen, sitting, statements, monkeypatch):
    monkeypatch.setattr(reading._boards, "_seconds", 60)
    viewers = [sit_down(Role.CANTEEN_STAFF, site_id=canteen.site_id) for _ in range(4)]
    address = f"/meals/today/live?canteen={canteen.site_id}"
    viewers[0].get(address, **LIVE)

    with statements() as sent:
        for viewer in viewers:
            viewer.get(address, **LIVE)

    looks = [one for one in sent if "FROM sitting" in one or "FROM site" in one]
    assert looks == []


def test_more_sittings_ask_no_more_of_the_database(desk, session, canteen, sitting, statements):
    with statements() as few:
        desk.get("/meals/today")
    make_sitting(session, canteen, in_days=0, meal="dinner")
    make_sitting(session, canteen, in_days=0, meal="breakfast")
    with statements() as many:
        desk.get("/meals/today")

    assert len(many) <= len(few)
