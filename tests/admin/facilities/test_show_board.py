"""showBoard, showLive, showBed, showStay, showMine: the beds of a home, as its people see them."""

from datetime import timedelta

import pytest

from admin.facilities import reading
from server import clock
from server.facilities.beds import take_out_of_use
from server.facilities.models import BedState
from server.facilities.stays.admitting import admit
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import go_on_leave, go_to_hospital
from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()
PART = {"HX-Request": "true"}
SEE = {
    Role.FACILITY_OPERATOR,
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.AUDITOR,
}


def ago(days):
    return TODAY - timedelta(days=days)


class TestBoard(OpensFor):
    roles = SEE

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}"


class TestLive(OpensFor):
    roles = SEE

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/live"

    @pytest.mark.parametrize("role", list(Role))
    def test_it_opens_for_its_offices_alone(self, role, every_office, address):
        response = every_office(role).get(address, **PART)

        assert response.status_code == (200 if role in self.roles else 403)


class TestBed(OpensFor):
    roles = SEE

    @pytest.fixture
    def address(self, home, beds):
        return f"/beds/{home.id}/beds/{beds[0].id}"


@pytest.fixture
def house(session, home, beds):
    """One lives here, one is on leave, one is expected, and one bed is under repair."""
    people = [make_resident(session, name=name) for name in ("李秀英", "王建国", "赵玉兰")]
    stays = [
        admit(session, bed_id=bed.id, resident_id=one.id, admitted_on=ago(20))
        for bed, one in zip(beds[:2], people, strict=False)
    ]
    go_on_leave(session, stays[1].id, since=ago(2))
    stays.append(hold_bed(session, bed_id=beds[2].id, resident_id=people[2].id, planned_on=TODAY))
    take_out_of_use(
        session, beds[3].id, state=BedState.UNDER_REPAIR, starts_on=TODAY, reason="漏水"
    )
    return stays


def tiles(page):
    """What stands on each bed: its state and its words."""
    return {
        e.attributes["id"]: (e.attributes["data-state"], e.text)
        for e in read(page).find("a")
        if e.attributes.get("class", "").startswith("bed ")
    }


def test_every_bed_says_its_state_who_has_it_and_since_when(operator, house, home, beds):
    shown = tiles(operator.get(f"/beds/{home.id}").text)

    state, words = shown[f"bed-{beds[0].id}"]
    assert state == "occupied"
    for word in (beds[0].label, "占用", "李秀英", "起"):
        assert word in words
    assert [shown[f"bed-{bed.id}"][0] for bed in beds] == [
        "occupied", "on_leave", "held", "under_repair",
    ]  # fmt: skip
    assert "漏水" in shown[f"bed-{beds[3].id}"][1]


def test_the_figures_on_top_are_those_of_the_beds(operator, house, home, figures):
    assert figures(operator.get(f"/beds/{home.id}").text) == {
        "可用": "3", "占用": "1", "请假或住院": "1", "预订": "1", "空闲": "0", "可入住": "0",
    }  # fmt: skip


def test_an_office_sees_masked_names_and_nothing_to_press(officer, house, home, beds):
    page = officer.get(f"/beds/{home.id}/beds/{beds[0].id}").text

    assert "李**" in page
    assert "李秀英" not in page
    actions = [form.attributes["action"] for form in read(page).find("form")]
    assert [one for one in actions if "/beds/" in one] == []


def test_somebody_from_a_county_beyond_ones_reach_has_no_name(officer, session, home, beds):
    far = make_resident(session, name="孙远山", village_code=OTHER_COUNTY_VILLAGE)
    admit(session, bed_id=beds[0].id, resident_id=far.id, admitted_on=TODAY)

    page = officer.get(f"/beds/{home.id}").text

    assert "姓名不显示" in page
    assert "孙" not in tiles(page)[f"bed-{beds[0].id}"][1]


@pytest.mark.parametrize("path", ["", "/live", "/rooms", "/history"])
def test_another_home_is_not_found(operator, session, path):
    assert operator.get(f"/beds/{make_site(session).id}{path}").status_code == 404


def test_a_bed_of_another_home_is_not_found_here(operator, session, home):
    assert operator.get(f"/beds/{home.id}/beds/{make_bed(session).id}").status_code == 404


def test_a_county_does_not_see_the_next_one(officer, session):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)

    assert officer.get(f"/beds/{far.id}").status_code == 404


def test_the_card_alone_is_sent_where_a_part_is_asked_for(operator, house, home, beds):
    page = operator.get(f"/beds/{home.id}/beds/{beds[0].id}", **PART).text

    assert "<main" not in page
    assert "李秀英" in page
    for word in ("请假", "住院", "换床", "退住"):
        assert word in page


def test_whoever_is_expected_and_whoever_gave_the_bed_up_stand_above_the_beds(
    operator, session, house, home
):
    go_to_hospital(session, house[0].id, since=TODAY, keeps_bed=False)

    page = operator.get(f"/beds/{home.id}").text
    away = operator.get(f"/beds/{home.id}/stays/{house[0].id}", **PART).text

    assert "预计入住" in page
    assert "住院（床位未保留）" in page
    assert "正在住院，床位没有保留。" in away


def test_the_board_answers_304_until_something_changes(operator, session, house, home):
    address = f"/beds/{home.id}/live"
    first = operator.get(address, **PART)
    unchanged = operator.get(address, **PART, **{"If-None-Match": first.headers["ETag"]})
    go_on_leave(session, house[0].id, since=TODAY)
    from_now_on = _after_a_moment(operator, address, first.headers["ETag"])

    assert (unchanged.status_code, unchanged.text) == (304, "")
    assert from_now_on.status_code == 200
    assert "请假" in from_now_on.text


def _after_a_moment(desk, address, etag):
    """As if the third of a second had passed for which a version is remembered."""
    reading._versions.forget()
    return desk.get(address, **PART, **{"If-None-Match": etag})


def test_the_page_asks_with_the_version_it_shows(operator, beds, home):
    page = read(operator.get(f"/beds/{home.id}").text)
    board = next(e for e in page.find("section") if e.attributes.get("id") == "board")
    answer = operator.get(f"/beds/{home.id}/live", **PART)

    assert answer.headers["ETag"] in board.attributes["hx-headers"].replace("\\", "")


def test_many_viewers_cost_one_look(sit_down, house, home, statements):
    viewers = [sit_down(Role.FACILITY_OPERATOR, site_id=home.id) for _ in range(4)]
    address = f"/beds/{home.id}/live"
    viewers[0].get(address, **PART)

    with statements() as sent:
        for viewer in viewers:
            viewer.get(address, **PART)

    assert [one for one in sent if "FROM bed" in one or "JOIN bed" in one] == []


def test_what_one_office_may_see_is_not_kept_for_another(operator, officer, house, home):
    with_names = operator.get(f"/beds/{home.id}").text
    masked = officer.get(f"/beds/{home.id}").text

    assert "李秀英" in with_names
    assert "李秀英" not in masked


def test_who_works_in_one_home_comes_to_its_board(operator, home):
    response = operator.get("/beds/mine")

    assert (response.status_code, response.headers["Location"]) == (303, f"/admin/beds/{home.id}")


def test_more_beds_ask_no_more_of_the_database(operator, session, home, beds, statements):
    with statements() as few:
        operator.get(f"/beds/{home.id}")
    for _ in range(5):
        make_bed(session, site=home)
    reading.forget()
    with statements() as many:
        operator.get(f"/beds/{home.id}")

    assert len(many) <= len(few)


def test_a_card_leads_back_to_the_bed_it_is_about(operator, home, beds):
    bed_id = getattr(beds[0], "id", beds[0])
    page = operator.get(f"/beds/{home.id}/beds/{bed_id}").text
    assert f'href="#bed-{bed_id}">回到床位<' in page
    assert f'id="bed-{bed_id}"' in page
