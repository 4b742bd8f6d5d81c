"""The month of a home: sums with what they are of, reasons, people, and the file of it."""

import io

import pytest
from openpyxl import load_workbook

from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.allowances import make_complete, reckoned
from tests.factories.meals import make_site

MONTH = "/caregivers/allowances?month=2026-06"


def test_who_is_entitled_who_is_not_and_why(county, everybody):
    page = county.get(f"{MONTH}&programme=post_allowance")

    assert page.status_code == 200
    assert "赵秀兰" in page.text
    assert "钱玉梅" in page.text
    assert "2 项中 1 项符合（50 %）" in page.text
    assert "500.00" in page.text
    assert "当月出勤还没有上报，要 20 天" in page.text


def test_the_page_opens_on_the_last_month(operator, everybody):
    assert "2026-06 津贴和奖励" in operator.get("/caregivers/allowances").text


def test_a_reason_opens_those_it_holds_back(county, everybody):
    page = county.get(f"{MONTH}&reason=attendance-unknown")

    assert "钱玉梅" in page.text
    assert "赵秀兰" not in page.text


@pytest.mark.parametrize("asked", ["lucky=1", "reason=<b>", "state=rich", "month=2026-13"])
def test_a_filter_that_is_not_one_is_refused(county, everybody, asked):
    assert county.get(f"/caregivers/allowances?{asked}").status_code == 422


def test_another_county_sees_nobody_of_it(sit_down, everybody):
    far = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])

    assert "赵秀兰" not in far.get(MONTH).text


def test_another_home_sees_nobody_of_it(session, sit_down, everybody):
    other = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)

    assert "赵秀兰" not in other.get(MONTH).text


def test_the_file_says_what_the_page_says(county, everybody):
    answer = county.get("/caregivers/allowances/export.xlsx?month=2026-06&programme=post_allowance")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert len(rows) == 1 + 2
    told = {row[0]: row for row in rows[1:]}
    assert told["赵秀兰"][5:7] == ("符合", 500)
    assert "出勤还没有上报" in told["钱玉梅"][8]


def test_a_home_is_reckoned_anew_after_something_was_mended(session, operator, home, complete):
    answer = operator.post("/caregivers/allowances/reckon", {"site": home.id})

    assert answer.status_code == 303
    assert "赵秀兰" in operator.get(MONTH).text


def test_nobody_reckons_a_home_out_of_reach(session, operator, complete):
    other = make_site(session)
    make_complete(session, other)

    assert operator.post("/caregivers/allowances/reckon", {"site": other.id}).status_code == 404


def test_an_auditor_looks_and_does_not_reckon(sit_down, home, everybody):
    auditor = sit_down(Role.AUDITOR)

    assert "重新核算" not in auditor.get(MONTH).text
    assert auditor.post("/caregivers/allowances/reckon", {"site": home.id}).status_code == 403


def test_more_caregivers_need_no_more_statements(session, county, home, everybody, statements):
    def sent():
        county.get(MONTH)
        with statements() as told:
            county.get(MONTH)
        return len(told)

    few = sent()
    for _ in range(6):
        reckoned(session, make_complete(session, home))

    assert sent() == few
