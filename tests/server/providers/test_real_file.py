"""The real list of 263 facilities of seven cities, where the machine has it."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from server.intake.checking import count_by_level
from server.intake.findings import Level

REAL = Path(__file__).parents[4] / "shared" / "data" / "facilities_real.csv"

pytestmark = pytest.mark.skipif(
    not REAL.exists(), reason="the real list ../shared/data/facilities_real.csv is not here"
)


def test_the_39_homes_of_nanjing_go_in_and_the_torn_row_does_not(understand):
    understood = understand(REAL, "3201")

    checked = understood.checked
    assert len(checked.table.rows) == 264
    assert len(understood.sites) == 39
    assert checked.elsewhere == 224
    assert [row.number for row in checked.rejected_rows] == [265]
    assert checked.torn == 1


def test_the_findings_about_nanjing_are_these(understand):
    findings = understand(REAL, "3201").checked.findings_in_order

    assert count_by_level(findings) == {
        Level.NOTICE: 8, Level.WARNING: 19, Level.ERROR: 0, Level.REJECT: 1,
    }  # fmt: skip
    said = {(finding.row, finding.column, finding.complaint.code) for finding in findings}
    assert {
        (201, "地址", "county-by-nickname"),
        (204, "床位", "not-known"),
        (204, "地址", "address-of-an-office"),
        (214, "价格(元/月)", "not-known"),
        (231, "地址", "county-by-short-name"),
        (235, "性质", "kept-as-given"),
        (265, "", "torn-row"),
    } <= said


def test_counties_are_found_where_the_words_name_one(understand):
    sites = {site["name"]: site["division_code"] for site in understand(REAL, "3201").sites}

    assert sum(len(code) == 6 for code in sites.values()) == 22
    assert sites["九如城康养中心雨花院"] == "320114"
    assert sites["南京市雨花台区板桥舒心养老院"] == "320114"
    assert sites["南京瑞芝康健仁善颐养院"] == "3201"


@pytest.mark.parametrize(
    ("city_code", "sites", "rejected"),
    [("1101", 40, 1), ("3101", 39, 2), ("5001", 40, 1), ("4201", 38, 1), ("6101", 37, 1),
     ("4501", 29, 1), ("1405", 0, 1)],
)  # fmt: skip
def test_every_other_city_of_the_file_could_take_its_own(understand, city_code, sites, rejected):
    understood = understand(REAL, city_code)

    assert len(understood.sites) == sites
    assert len(understood.checked.rejected_rows) == rejected


def test_the_same_list_as_a_workbook_gives_the_same(understand, tmp_path):
    from_csv = understand(REAL, "3201")
    workbook = Workbook()
    table = from_csv.checked.table
    for row in (table.headings, *table.rows):
        workbook.active.append(list(row.cells))
    workbook.save(tmp_path / "facilities_real.csv")

    from_workbook = understand(tmp_path / "facilities_real.csv", "3201")

    assert from_workbook.sites == from_csv.sites
    assert from_workbook.checked.findings == from_csv.checked.findings
