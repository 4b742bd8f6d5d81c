from pathlib import Path

import pytest

from server.places import national
from server.places.importing import understand_divisions
from server.places.models import DivisionLevel

HEADINGS = "code,name,level,parent_code\n"
KNOWN = {"1405", "140502", "140502001"}


@pytest.fixture
def understand(tmp_path):
    def understand(lines, headings=HEADINGS, known=KNOWN):
        path = tmp_path / "divisions.csv"
        path.write_text(headings + lines, encoding="utf-8")
        return understand_divisions(path, city_code="1405", known_codes=known)

    return understand


def said(understood):
    return [
        (finding.row, finding.column, finding.complaint.code)
        for finding in understood.checked.findings_in_order
    ]


def test_the_divisions_that_come_with_yinling_are_whole():
    path = Path(national.FOLDER) / "1405.csv"

    understood = understand_divisions(path, city_code="1405", known_codes=())

    levels = [division.level for division in understood.divisions]
    assert len(understood.divisions) == 1813
    assert {level: levels.count(level) for level in DivisionLevel} == {
        "city": 1, "county": 6, "town": 77, "village": 1729,
    }  # fmt: skip
    assert said(understood) == [(807, "name", "spelled-out"), (951, "name", "spelled-out")]


def test_a_division_whose_parent_is_known_or_in_the_file_is_good(understand):
    understood = understand(
        "140502002001,甲社区,village,140502002\n140502002,西街街道,town,140502\n"
    )

    assert [division.code for division in understood.divisions] == ["140502002", "140502002001"]
    assert said(understood) == []


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("14050200,西街,town,140502", (2, "code", "code-does-not-fit-level")),
        ("140502002,西街,village,140502", (2, "code", "code-does-not-fit-level")),
        ("140502002,西街,town,140521", (2, "code", "parent-is-no-prefix")),
        ("140502002,西街,town,", (2, "code", "parent-is-no-prefix")),
        ("140521100,龙港镇,town,140521", (2, "code", "parent-missing")),
        ("14050200x,西街,town,140502", (2, "code", "not-digits")),
        ("140502002,西街,hamlet,140502", (2, "level", "not-in-the-glossary")),
        ("140502002,,town,140502", (2, "name", "required")),
        ("140502002,西街", (2, "", "torn-row")),
    ],
)
def test_a_division_that_breaks_the_chain_stays_outside(understand, line, finding):
    understood = understand(line + "\n")

    assert understood.divisions == []
    assert said(understood) == [finding]


def test_what_lies_below_a_rejected_division_stays_outside_too(understand):
    understood = understand("140502002001,甲社区,village,140502002\n140502002,,town,140502\n")

    assert said(understood) == [(2, "code", "parent-missing"), (3, "name", "required")]


def test_the_same_row_twice_is_a_notice_and_another_name_for_a_code_an_error(understand):
    row = "140502002,西街街道,town,140502\n"

    understood = understand(row + row + row.replace("西街", "东街"))

    assert said(understood) == [(3, "code", "repeats-row"), (4, "code", "contradicts-row")]
    assert (len(understood.divisions), understood.repeated) == (1, 1)


def test_divisions_of_other_cities_are_counted(understand):
    understood = understand("1407,晋中市,city,14\n14,山西省,province,\n")

    assert (understood.checked.elsewhere, said(understood)) == (2, [])


def test_chinese_headings_and_levels_are_understood_too(understand):
    understood = understand(
        "140502002,西街街道,乡级,140502\n", headings="代码,名称,级别,上级代码\n"
    )

    assert understood.divisions == [("140502002", "西街街道", "town", "140502")]
