"""What is in force, with the clause beside each figure; packs, versions and their differences."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from server.identity.models import Role
from server.policies.programmes.packs import list_shipped, read_shipped
from server.policies.programmes.queries import get_version, list_versions
from tests.admin.policies.conftest import JANUARY, enter

JULY = date(2026, 7, 1)
OPERATION = "facility_operation"


def version_of(session, programme=OPERATION, on=JANUARY):
    return get_version(session, programme, on=on).id


def test_what_is_in_force_stands_beside_its_pack(city, reference):
    page = city.get("/policies?on=2026-03-01").text

    assert "养老机构运营补贴" in page
    assert "参考政策包" in page
    assert "山西省晋城市政策包" in page


def test_before_the_first_day_nothing_is_in_force(city, reference):
    assert "这一天没有执行中的政策" in city.get("/policies?on=2025-12-31").text


@pytest.mark.parametrize(
    "path",
    ["/policies?lucky=1", "/policies?on=never", "/policies/comparison?old=1",
     "/policies/shipped/reference?x=1"],
)  # fmt: skip
def test_a_filter_that_is_not_one_is_refused(city, path):
    assert city.get(path).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/policies/packs/999999", "/policies/versions/999999", "/policies/shipped/nowhere",
     "/policies/shipped/reference/nothing", "/policies/comparison?old=999998&new=999999"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(city, path):
    assert city.get(path).status_code == 404


def test_a_programme_is_the_table_an_official_would_recognise(session, city, reference):
    page = city.get(f"/policies/versions/{version_of(session)}").text

    assert "补贴标准（每人每月） × 等级系数" in page
    assert "360.00" in page
    assert "鲁民〔2021〕21号（临沂市执行标准），补贴标准" in page
    assert "重度，五级机构，满月" in page


@pytest.mark.parametrize("name", list_shipped())
def test_every_shipped_programme_has_its_page(city, name):
    assert "算例" in city.get(f"/policies/shipped/{name}").text
    for code in read_shipped(name).programmes:
        assert city.get(f"/policies/shipped/{name}/{code}").status_code == 200


def test_what_is_published_nowhere_is_said_to_be_so(city):
    page = city.get("/policies/shipped/shandong-dongying/post_allowance").text

    assert "不启用：标准未见公布" in page
    assert "岗位津贴的金额" in page


def test_two_versions_stand_side_by_side_with_what_changed_marked(session, city, reference):
    enter(session, "shanxi-jincheng", JULY)
    new, old = (row.PolicyVersion.id for row in list_versions(session, OPERATION))

    assert "与本版本比较" in city.get(f"/policies/versions/{new}").text
    page = city.get(f"/policies/comparison?old={old}&new={new}").text

    assert "<mark" in page
    assert "取消" in page
    assert "新增" in page


def test_the_file_has_every_figure_with_its_clause(city, reference):
    answer = city.get("/policies/export.xlsx?on=2026-03-01")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    operation = [row for row in rows if row[1] == OPERATION and row[2] == "标准"]
    assert [(row[5], row[7]) for row in operation] == [
        ("200.00 元", "补贴标准"),
        ("300.00 元", "补贴标准"),
    ]


def test_every_page_has_its_file(session, city, reference):
    version = version_of(session)

    for path in (
        f"/policies/packs/{reference.id}/export.csv",
        f"/policies/versions/{version}/export.csv",
        f"/policies/comparison/export.csv?old={version}&new={version}",
    ):
        answer = city.get(path)
        assert (answer.status_code, "养老" in answer.text or "等级" in answer.text) == (200, True)


def test_everybody_at_work_with_subsidies_sees_them(sit_down, reference):
    for role in (Role.AUDITOR, Role.CASHIER, Role.COUNTY_OFFICER):
        where = {"division_code": "140502"} if role is Role.COUNTY_OFFICER else {}
        page = sit_down(role, **where).get("/policies").text
        assert "提交本市政策包" not in page
        assert "参考政策包" in page


def test_more_packs_need_no_more_statements(session, city, reference, statements):
    def sent():
        city.get("/policies")
        with statements() as told:
            city.get("/policies")
        return len(told)

    few = sent()
    for _ in range(4):
        enter(session, is_active=False)

    assert sent() == few


def test_more_programmes_need_no_more_statements(session, city, statements):
    def sent(pack):
        path = f"/policies/packs/{pack.id}"
        city.get(path)
        with statements() as told:
            city.get(path)
        return len(told)

    small = enter(session, "liaoning-shenyang", is_active=False)
    large = enter(session, is_active=False)
    assert sent(small) == sent(large)
