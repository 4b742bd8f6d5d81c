"""listSites, showSite, exportSites: the register."""

import csv
import io

import pytest

from server.identity.models import Role
from server.providers.models import FacilityKind, Ownership, Provider
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site

OFFICES = {
    Role.FACILITY_OPERATOR,
    Role.HOME_CARE_PROVIDER,
    Role.COMMUNITY_WORKER,
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.AUDITOR,
}


class TestRegister(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/providers/sites"


class TestExport(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/providers/sites/export.csv"


class TestSite(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, session):
        return f"/providers/sites/{make_site(session).id}"


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.CITY_OFFICER)


@pytest.fixture
def register(session):
    """Three sites: one with all facts, one that says nothing, one with a word of its own."""
    full = make_site(
        session, name="甲养老院", ownership=Ownership.PUBLIC, ownership_as_given="公办公营",
        beds_declared=120, monthly_price_from_fen=260000, is_inclusive=True,
        features=["医养结合", "康复"], source_name="facilities_real.csv", source_key="3201:abc",
    )  # fmt: skip
    bare = make_site(session, name="乙日间照料中心", kind=FacilityKind.DAY_CENTRE, phone=None)
    odd = make_site(
        session, name="丙敬老院", ownership_as_given="社会团体", division_code=OTHER_COUNTY_VILLAGE
    )
    return full, bare, odd


def names(page):
    return {e.text for e in read(page).find("th") if e.attributes.get("scope") == "row"}


def cells(page, name):
    for row in read(page).find("tr"):
        if any(head.text == name for head in row.find("th")):
            return [cell.text for cell in row.find("td")]
    raise AssertionError(name)


def test_known_facts_and_unknown_ones_are_told_apart(officer, register):
    page = officer.get("/providers/sites").text

    assert cells(page, "甲养老院") == ["养老机构", "城区", "公办公营", "120", "2,600", "开业"]
    assert cells(page, "乙日间照料中心") == ["日间照料中心", "城区", "未知", "未知", "未知", "开业"]
    assert cells(page, "丙敬老院")[2] == "社会团体 来源原文"
    assert "共 120 张床位（1 处登记了床位）" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=day_centre", {"乙日间照料中心"}),
        ("ownership=public", {"甲养老院"}),
        ("division=140521", {"丙敬老院"}),
        ("name=敬老", {"丙敬老院"}),
        ("name=%25", set()),
        ("kind=&ownership=&division=&name=", {"甲养老院", "乙日间照料中心", "丙敬老院"}),
    ],
)
def test_the_filters_live_in_the_address(officer, register, query, found):
    page = officer.get(f"/providers/sites?{query}").text

    assert names(page) == found
    assert f"{len(found)} 处设施" in page


@pytest.mark.parametrize("query", ["kind=hotel", "colour=red", "limit=0", "cursor=nonsense"])
def test_a_filter_that_is_none_is_refused(officer, query):
    assert officer.get(f"/providers/sites?{query}").status_code == 422


def test_pages_follow_each_other_without_loss(officer, session):
    for number in range(7):
        make_site(session, name=f"同名院{number % 2}")
    seen, address = [], "/providers/sites?limit=3&name=同名院"
    while address:
        page = read(officer.get(address).text)
        links = [a.attributes["href"] for a in page.find("a")]
        seen += [link for link in links if "/providers/sites/" in link and "export" not in link]
        address = next((link.removeprefix("/admin") for link in links if "cursor=" in link), None)

    assert len(seen) == len(set(seen)) == 7


def test_an_empty_register_says_how_to_fill_it(officer):
    assert "yinling import facilities" in officer.get("/providers/sites").text


def test_no_hit_says_what_to_do(officer, register):
    assert "没有符合条件的设施。" in officer.get("/providers/sites?name=没有的").text


def test_a_county_officer_sees_the_county_alone(sit_down, register):
    officer = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    far = register[2]

    assert "丙敬老院" not in names(officer.get("/providers/sites").text)
    assert officer.get("/providers/sites?division=140521").status_code == 404
    assert officer.get(f"/providers/sites/{far.id}").status_code == 404
    assert "丙敬老院" not in officer.get("/providers/sites/export.csv").text


def test_an_operator_finds_the_own_site_marked_in_the_public_register(sit_down, register):
    operator = sit_down(Role.FACILITY_OPERATOR, site_id=register[0].id)

    page = operator.get("/providers/sites").text

    assert {"甲养老院 本单位", "丙敬老院"} <= names(page)
    assert "您的设施：" in page
    assert "本单位" in operator.get(f"/providers/sites/{register[0].id}").text


def test_a_sites_page_says_everything_and_where_it_comes_from(officer, register, session):
    provider = Provider(name="桑榆里养老服务中心", uscc="52140500MADEM00026")
    session.add(provider)
    session.flush()
    register[0].provider_id = provider.id
    session.flush()

    page = officer.get(f"/providers/sites/{register[0].id}").text

    for fact in (
        "2,600",
        "医养结合、康复",
        "建设路 1 号",
        "桑榆里养老服务中心",
        "52140500MADEM00026",
        "facilities_real.csv",
        "3201:abc",
        "140502001001",
        "黄华街社区",
    ):
        assert fact in page, fact


def test_what_is_not_known_is_never_nought(officer, register):
    page = read(officer.get(f"/providers/sites/{register[1].id}").text)
    facts = {row.text.split(" ", 1)[0]: row.text for row in page.find("div")
             if row.attributes.get("class") == "facts__fact"}  # fmt: skip

    assert facts["床位"] == "床位 未知"
    assert facts["每月起价（元）"] == "每月起价（元） 未知"
    assert facts["电话"] == "电话 未知"


def test_the_file_holds_every_row_of_the_filter_and_empty_cells(officer, register):
    text = officer.get("/providers/sites/export.csv?kind=day_centre").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert [row["设施名称"] for row in rows] == ["乙日间照料中心"]
    assert rows[0]["床位"] == ""


def test_more_sites_ask_no_more_of_the_database(officer, session, statements):
    make_site(session)
    with statements() as few:
        officer.get("/providers/sites")
    for _ in range(20):
        make_site(session)
    with statements() as many:
        officer.get("/providers/sites")

    assert len(many) == len(few)
