"""enter, bindHelper: a person and her helper at the window, and nothing half-done."""

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.people import an_id_number, make_resident

OFFICES = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}
NUMBER = an_id_number(42)
PERSON = {
    "name": "李秀英",
    "id_number": NUMBER,
    "phone": "139 1234 0001",
    "village_code": VILLAGE,
    "address": "建设路3巷5号",
    "signs_in": "yes",
}
DAUGHTER = {
    "holder_name": "王丽",
    "helper_phone": "13900001234",
    "relation": "child",
    "may_book_meals": "yes",
}
CALLED = {"contact_name": "王丽", "contact_phone": "13900001234", "contact_relation": "child"}


class TestTheForm(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/residents/new"


class TestEntering(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/residents/new"

    @pytest.fixture
    def form(self):
        return PERSON


@pytest.fixture
def worker(sit_down):
    return sit_down(Role.COMMUNITY_WORKER, division_code="140502001")


def in_the_register(session, table="resident"):
    return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def enter(worker, **changed):
    form = {key: value for key, value in (PERSON | changed).items() if value is not None}
    return worker.post("/residents/new", form)


def test_a_person_and_her_helper_are_entered_in_one_go(worker, session):
    answer = enter(worker, **DAUGHTER)

    assert answer.status_code == 303
    address = answer.headers["Location"].removeprefix("/admin")
    assert NUMBER in worker.get(address).text  # her file is open to whoever entered her
    page = worker.get(f"{address}/helpers").text
    assert "王丽" in page
    assert "13900001234" in page
    assert "本人手机" in page
    resident = session.execute(text("SELECT sex, born_on, phone FROM resident")).one()
    assert (resident.sex, resident.phone) == ("female", "+8613912340001")
    assert resident.born_on.isoformat() == "1944-05-06"


def test_the_helper_can_be_taken_back_at_once(worker):
    address = enter(worker, **DAUGHTER).headers["Location"].removeprefix("/admin")
    page = worker.get(f"{address}/helpers").text
    action = page.split("/helpers/")[-1].split('"')[0]

    assert worker.post(f"{address}/helpers/{action}").status_code == 303

    page = worker.get(f"{address}/helpers").text
    assert "当天取消" in page
    assert "立即取消" not in page


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"name": None}, 422, "没有登记成功"),
        ({"id_number": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, 422, "没有登记成功"),
        ({"id_number": None}, 422, "请填写性别和出生日期"),
        ({"born_on": "1950-01-01"}, 422, "身份证号里的性别或出生日期"),
        ({"village_code": OTHER_COUNTY_VILLAGE}, 422, "不在您负责的区域内"),
        ({"village_code": "1405"}, 422, "没有登记成功"),
        ({"phone": "12"}, 422, "打不通"),
        ({"holder_name": "王丽"}, 422, "没有登记成功"),
        (DAUGHTER | {"helper_phone": "0356-2022222"}, 422, "没有登记成功"),
        ({"died_on": "2026-01-01"}, 422, "没有登记成功"),
        ({"contact_name": "王丽"}, 422, "联系人电话"),
        (CALLED | {"contact_phone": "12"}, 422, "打不通"),
        ({"document_number": "C87654321"}, 422, "证件类型"),
        ({"document_kind": "passport", "document_number": "?"}, 422, "证件号码不对"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_entered(worker, session, changed, status, told):
    before = in_the_register(session), in_the_register(session, "account")

    answer = enter(worker, **changed)

    assert answer.status_code == status
    assert told in answer.text
    assert 'value="建设路3巷5号"' in answer.text  # nothing typed is lost
    assert (in_the_register(session), in_the_register(session, "account")) == before


def test_a_known_id_number_leads_to_the_person(worker, session):
    known = make_resident(session, name="李秀英", id_number=NUMBER)

    answer = enter(worker)

    assert answer.status_code == 409
    assert f"/admin/residents/{known.id}" in answer.text


def test_a_likeness_is_asked_about_and_can_be_somebody_else(worker, session):
    twin = make_resident(session, name="李秀英")
    here = {"id_number": None, "sex": "female", "born_on": twin.born_on.isoformat()}

    asked = enter(worker, **here)
    entered = enter(worker, **here, is_another="yes")

    assert asked.status_code == 409
    assert "是不是下面这位" in asked.text
    assert f"/admin/residents/{twin.id}" in asked.text
    assert entered.status_code == 303


ODD_NAMES = ["<b>李</b>秀英", "'; DROP TABLE resident; --", "李👵英", "𠮷秀英"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_kept_as_they_are(worker, session, name):
    assert enter(worker, name=name).status_code == 303
    assert session.execute(text("SELECT name FROM resident")).scalar_one() == name


def test_whom_to_call_and_another_document_are_entered_with_the_person(worker):
    passport = {"document_kind": "passport", "document_number": "C87654321"}
    without_number = {"id_number": None, "sex": "female", "born_on": "1944-05-06"}

    answer = enter(worker, **CALLED, **passport, **without_number)

    address = answer.headers["Location"].removeprefix("/admin")
    contacts = worker.get(f"{address}/contacts").text
    assert "王丽" in contacts
    assert "紧急" in contacts
    assert "C87654321" in worker.get(f"{address}/facts").text

    again = enter(worker, **passport, **without_number, name="李秀兰", phone=None, is_another="yes")
    assert again.status_code == 409
    assert f"/admin{address}" in again.text


def test_nobody_has_to_name_a_helper_or_a_contact(worker):
    page = read(worker.get("/residents/new").text)

    needed = {one.attributes["name"] for one in page.find("input") if "required" in one.attributes}
    assert needed == {"name"}


@pytest.mark.parametrize(
    "typed", ["李\u200b秀英", "\u202e李秀英\u2069", " 李秀英\u3000", "\ufeff李秀英"]
)
def test_a_name_is_kept_without_what_nobody_can_see(worker, session, typed):
    """Two that look alike are alike: otherwise one person is entered twice."""
    assert enter(worker, name=typed).status_code == 303

    session.commit()
    assert session.execute(text("SELECT name FROM resident")).scalars().all() == ["李秀英"]


@pytest.mark.parametrize("typed", ["\u200b", "\u202e\u2069", "\u3000"])
def test_a_name_of_nothing_but_that_is_none(worker, session, typed):
    assert enter(worker, name=typed).status_code == 422
    assert in_the_register(session) == 0
