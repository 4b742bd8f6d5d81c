"""showSearch, search: people are looked for, and found with stars on."""

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import an_id_number, make_resident

OFFICES = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}
COUNTY = "140502"


class TestTheEmptySearch(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/residents"


class TestTheSearch(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/residents/search"

    @pytest.fixture
    def form(self):
        return {"term": "李秀英"}


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英", phone="+8613912340001")


def rows(page):
    return [e.text for e in read(page).find("th") if e.attributes.get("scope") == "row"]


def test_what_is_found_wears_stars(officer, mother):
    page = officer.post("/residents/search", {"term": "lixiuying"}).text

    assert rows(page) == ["李**"]
    assert "139****0001" in page
    assert "13912340001" not in page


def test_another_county_is_not_found(officer, session):
    make_resident(session, name="李秀英", village_code=OTHER_COUNTY_VILLAGE)

    page = officer.post("/residents/search", {"term": "李秀英"}).text

    assert rows(page) == []
    assert "没有找到" in page


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("", "请输入姓名、电话或身份证号"),
        ("李", "请至少输入两个字"),
        ("' OR 1=1 --", "没有找到"),
        ("<b>李秀英</b>", "没有找到"),
        ("👵👵", "没有找到"),
        ("𠮷野家", "没有找到"),
    ],
)
def test_odd_terms_are_told_kindly(officer, mother, term, told):
    assert told in officer.post("/residents/search", {"term": term}).text


def test_a_wrong_check_digit_is_told(officer):
    number = an_id_number(5)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")

    answer = officer.post("/residents/search", {"term": wrong})

    assert answer.status_code == 422
    assert wrong in answer.text  # what was typed stays in the field


def test_more_than_a_page_asks_for_more_letters(officer, session):
    for number in range(21):
        make_resident(session, name="王桂兰", id_number=an_id_number(500 + number))

    page = officer.post("/residents/search", {"term": "王桂"}).text

    assert len(rows(page)) == 20
    assert "还有更多" in page


def test_a_search_costs_the_same_however_many_are_found(officer, session, statements):
    make_resident(session, name="张一一")
    with statements() as few:
        officer.post("/residents/search", {"term": "张一"})
    for number in range(9):
        make_resident(session, name="张一二", id_number=an_id_number(600 + number))
    with statements() as many:
        officer.post("/residents/search", {"term": "张一"})

    assert len([s for s in many if "FROM resident" in s]) == 1
    assert len([s for s in few if "FROM resident" in s]) == 1


def test_a_search_is_in_the_trail_and_what_was_searched_for_is_not(officer, session):
    make_resident(session, name="李秀英")
    officer.post("/residents/search", {"term": "李秀英"})

    session.commit()
    acts = session.execute(text("SELECT a::text FROM act a WHERE action = 'residents.search'"))
    (noted,) = acts.scalars().all()
    assert "李秀英" not in noted
