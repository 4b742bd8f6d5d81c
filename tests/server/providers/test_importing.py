import csv
import io

import pytest
from openpyxl import Workbook

from server.intake.findings import Level
from server.providers.importing import source_key
from tests.server.providers.conftest import FAULTY


def said(understood, row=None):
    return [
        (finding.row, finding.column, finding.complaint.code)
        for finding in understood.checked.findings_in_order
        if row in (None, finding.row)
    ]


def site_named(understood, part):
    (site,) = (site for site in understood.sites if part in site["name"])
    return site


def test_every_row_of_the_faulty_file_is_accounted_for(understand):
    understood = understand()

    checked = understood.checked
    assert len(checked.table.rows) == 23 - 1
    assert checked.elsewhere == 1
    assert checked.torn == 3
    assert understood.repeated == 1
    assert len(checked.rejected_rows) == 10
    assert len(understood.sites) == 10
    assert len(checked.table.rows) == 10 + 10 + 1 + 1


@pytest.mark.parametrize(
    ("row", "findings"),
    [
        (2, []),
        (3, [("床位", "not-known"), ("价格(元/月)", "not-known")]),
        (4, [("性质", "kept-as-given"), ("价格(元/月)", "lower-end-taken")]),
        (5, [("性质", "kept-as-given")]),
        (6, [("地址", "county-by-site-name")]),
        (7, [("地址", "county-not-found")]),
        (8, [("地址", "counties-several")]),
        (9, [("地址", "cut-off")]),
        (10, [("地址", "address-of-an-office"), ("地址", "county-not-found")]),
        (11, [("名称", "damaged-characters")]),
        (12, [("床位", "not-a-count")]),
        (13, [("床位", "not-a-count")]),
        (14, [("价格(元/月)", "not-an-amount")]),
        (15, [("地址", "required")]),
        (16, []),
        (17, [("城市", "place-unclear")]),
        (18, [("名称", "repeats-row")]),
        (19, [("名称", "contradicts-row")]),
        (20, [("", "torn-row")]),
        (21, [("", "torn-row")]),
        (22, [("床位", "unusually-large")]),
        (23, [("", "torn-row")]),
    ],
)
def test_each_fault_is_said_with_its_row_and_column(understand, row, findings):
    assert sorted(said(understand(), row)) == sorted((row, *finding) for finding in findings)


def test_markup_sql_emoji_and_rare_characters_of_names_survive(understand):
    names = {site["name"] for site in understand().sites}

    assert {
        "<b>和顺</b>老年公寓",
        "'; DROP TABLE site; --颐养院",
        "𠮷祥👩‍🦳颐养中心",
    } <= names  # fmt: skip


def test_a_word_outside_the_glossary_is_kept_as_it_was_given(understand):
    understood = understand()

    assert site_named(understood, "和顺")["ownership"] == "private_public_aided"
    assert site_named(understood, "和顺")["ownership_as_given"] == "公助民办"
    assert site_named(understood, "DROP")["ownership"] is None
    assert site_named(understood, "DROP")["ownership_as_given"] == "公办（建）"


def test_a_site_without_a_county_belongs_to_the_city(understand):
    understood = understand()

    assert site_named(understood, "无县")["division_code"] == "1405"
    assert site_named(understood, "接待")["division_code"] == "1405"
    assert site_named(understood, "山水")["division_code"] == "140525"


def test_money_is_fen_and_marks_are_a_list(understand):
    site = site_named(understand(), "𠮷祥")

    assert (site["monthly_price_from_fen"], site["features"]) == (280_050, ["试住体验"])
    assert (site["beds_declared"], site["kind"]) == (80, "care_home")


def test_a_site_that_says_it_has_not_opened_is_planned(understand, tmp_path):
    path = tmp_path / "planned.csv"
    path.write_text("名称,地址\n静安府（未开业，可预订）,高平市1号\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "columns:\n  name: {headings: [名称], parser: name, required: true}\n"
        "  address: {headings: [地址], parser: address, required: true}\n"
        "constants: {kind: care_home}\n",
        encoding="utf-8",
    )

    understood = understand(path, mapping_path=mapping)

    assert understood.sites[0]["opening_state"] == "planned"
    assert said(understood) == [(2, "名称", "not-open-yet")]


def test_a_workbook_and_a_gb18030_file_give_the_same_sites(understand, tmp_path):
    text = FAULTY.read_text("utf-8-sig").replace("\ufffd", "")
    rows = list(csv.reader(io.StringIO(text.split("\n晋城,断行")[0])))
    workbook = Workbook()
    for row in rows:
        workbook.active.append(["'" + cell if cell.startswith("=") else cell for cell in row])
    workbook.save(tmp_path / "list.xlsx")
    whole = tmp_path / "list.csv"
    with whole.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)

    from_workbook, from_csv = understand(tmp_path / "list.xlsx"), understand(whole)

    assert [site | {"source_name": ""} for site in from_workbook.sites] == [
        site | {"source_name": ""} for site in from_csv.sites
    ]
    assert said(from_workbook) == said(from_csv)
    assert len(from_csv.sites) == 10


def test_another_file_needs_a_mapping_and_no_code(understand, tmp_path):
    listing = tmp_path / "助餐点.csv"
    listing.write_text(
        "晋城市助餐点一览表;;;;\n"
        "序号;站点;所在地;电话;普惠\n"
        "1;东街长者食堂;城区东街街道1号;0356-2012345;是\n"
        "2;龙港食堂;沁水县龙港镇2号;找王主任;否\n",
        encoding="gb18030",
    )
    mapping = tmp_path / "canteens.yaml"
    mapping.write_text(
        "columns:\n"
        "  name: {headings: [站点], parser: name, required: true}\n"
        "  address: {headings: [所在地], parser: address, required: true}\n"
        "  phone: {headings: [电话], parser: phone}\n"
        "  is_inclusive: {headings: [普惠], parser: yes_or_no}\n"
        "constants: {kind: canteen}\n",
        encoding="utf-8",
    )

    understood = understand(listing, mapping_path=mapping)

    assert [
        (site["name"], site["kind"], site["division_code"], site["phone"], site["is_inclusive"])
        for site in understood.sites
    ] == [
        ("东街长者食堂", "canteen", "140502", "0356-2012345", True),
        ("龙港食堂", "canteen", "140521", None, False),
    ]
    assert said(understood) == [(2, "序号", "column-not-used"), (4, "电话", "not-a-phone-number")]
    assert understood.fields == {"name", "address", "phone", "is_inclusive"}


def test_an_address_in_another_city_gives_no_county(understand, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "城市,名称,地址\n南京,外地养老院,江苏省镇江市句容市鼓楼区路1号\n", encoding="utf-8"
    )

    understood = understand(path, city_code="3201")

    assert understood.sites[0]["division_code"] == "3201"


def test_a_name_and_an_address_in_two_counties_follow_the_address_and_say_so(understand, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("城市,名称,地址\n晋城,高平市晨光养老院,沁水县1号\n", encoding="utf-8")

    understood = understand(path)

    assert understood.sites[0]["division_code"] == "140521"
    assert said(understood) == [(2, "地址", "county-disagrees")]
    assert understood.checked.findings[0].level is Level.WARNING


def test_the_source_key_does_not_mind_spacing_width_or_case_and_minds_all_else():
    key = source_key("1405", "A养老院（东）", "城区1号")

    assert source_key("1405", "a养老院(东)", "城区 1号") == key
    assert source_key("1405", "A养老院（西）", "城区1号") != key
    assert source_key("1407", "A养老院（东）", "城区1号") != key
    assert source_key("1405", "A养老院（东）城", "区1号") != key
