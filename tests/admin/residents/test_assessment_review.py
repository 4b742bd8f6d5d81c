"""showDesk, confirm, giveBack: the review desk."""

import pytest

from server.identity.models import Role
from server.residents.assessments.proof import number_of
from server.residents.assessments.queries import get_assessment
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.assessments import Office, confirm, hand_in
from tests.factories.people import make_resident

DESK = "/residents/assessments"


@pytest.fixture
def waiting(assessor, resident):
    return hand_in(assessor[0], resident.id)


class TestDesk(OpensFor):
    roles = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}

    @pytest.fixture
    def address(self, waiting):
        return DESK


class TestConfirming(AcceptsFrom):
    roles = {Role.COUNTY_OFFICER, Role.CITY_OFFICER}

    @pytest.fixture
    def address(self, resident, waiting):
        return f"/residents/{resident.id}/assessments/{waiting}/confirmation"


class TestReturning(AcceptsFrom):
    roles = {Role.COUNTY_OFFICER, Role.CITY_OFFICER}

    @pytest.fixture
    def address(self, resident, waiting):
        return f"/residents/{resident.id}/assessments/{waiting}/return"


def test_what_waits_is_listed_without_full_names(reviewer, waiting):
    page = reviewer[1].get(DESK).text

    assert "李**" in page
    assert "李秀英" not in page
    assert "轻度失能" in page


def test_another_countys_list_is_empty(take_office, waiting):
    _, desk = take_office(Role.COUNTY_OFFICER, "140521")

    assert "没有等待复核的评估。" in desk.get(DESK).text


def test_a_level_is_confirmed_with_one_press(reviewer, resident, waiting):
    _, desk = reviewer
    result = f"/residents/{resident.id}/assessments/{waiting}"
    assert "确认等级" in desk.get(result).text

    assert desk.post(f"{result}/confirmation").status_code == 303

    page = desk.get(result).text
    assert "验证码" in page
    assert "确认等级" not in page
    assert "没有等待复核的评估。" in desk.get(DESK).text


def test_the_second_press_says_that_it_has_moved_on(reviewer, resident, waiting):
    address = f"/residents/{resident.id}/assessments/{waiting}/confirmation"
    reviewer[1].post(address)

    again = reviewer[1].post(address)

    assert again.status_code == 409
    assert "这份评估的状态刚刚变了" in again.text


def test_ones_own_is_left_to_another(reviewer, resident):
    office, desk = reviewer
    own = hand_in(office, resident.id)
    result = f"/residents/{resident.id}/assessments/{own}"

    assert "您评估的，由他人复核" in desk.get(DESK).text
    page = desk.get(result).text
    assert "这份评估要由另一人复核。" in page
    assert "确认等级" not in page
    refused = desk.post(f"{result}/confirmation")
    assert refused.status_code == 409
    assert "评估员不能复核自己的评估" in refused.text


def test_what_is_returned_comes_back_with_its_note(assessor, reviewer, resident, waiting):
    result = f"/residents/{resident.id}/assessments/{waiting}"
    assert reviewer[1].post(f"{result}/return", {"note": ""}).status_code == 409

    reviewer[1].post(f"{result}/return", {"note": "上下楼梯请再看一次"})

    desk = assessor[1]
    assert "已退回" in desk.get(DESK).text
    assert "上下楼梯请再看一次" in desk.get(f"{result}/form").text


def test_a_paper_is_held_against_the_register(assessor, reviewer, resident, waiting, session):
    confirm(reviewer[0], waiting)
    number = number_of(get_assessment(session, waiting, resident_id=resident.id))
    _, desk = reviewer

    assert "验证码与一份已确认的结果相符" in desk.get(f"{DESK}?number={number}").text
    assert "没有这个验证码的结果" in desk.get(f"{DESK}?number={number[:-1]}!").text


def test_pages_follow_each_other_without_loss(assessor, reviewer, session):
    expected = []
    for _ in range(3):
        one = make_resident(session)
        session.commit()
        expected.append(f"/{hand_in(assessor[0], one.id)}")
    seen, address = [], f"{DESK}?limit=2"
    while address:
        links = [a.attributes["href"] for a in read(reviewer[1].get(address).text).find("a")]
        results = [link for link in links if "/assessments/" in link and "/export" not in link]
        seen += [link[link.rindex("/") :] for link in results]
        address = next((link.removeprefix("/admin") for link in links if "cursor=" in link), None)

    assert seen == expected


@pytest.mark.parametrize("query", ["colour=red", "cursor=made-up", "limit=0"])
def test_an_unknown_filter_is_refused(reviewer, query):
    assert reviewer[1].get(f"{DESK}?{query}").status_code == 422


def test_more_that_waits_asks_no_more_of_the_database(assessor, reviewer, session, statements):
    with statements() as few:
        reviewer[1].get(DESK)
    far = Office(session, division_code="140521")
    for where in ({}, {}, {"village_code": OTHER_COUNTY_VILLAGE}):
        one = make_resident(session, **where)
        session.commit()
        hand_in(far if where else assessor[0], one.id)
    with statements() as many:
        reviewer[1].get(DESK)

    assert len(many) == len(few)
