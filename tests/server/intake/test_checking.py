import pytest

from server.intake.checking import Belongs, check_table, count_by_level
from server.intake.findings import Level
from server.intake.tables import read_table

HEADINGS = "城市,名称,床位,备注\n"


def belongs(cells):
    known = {"晋城": Belongs.HERE, "太原": Belongs.ELSEWHERE}
    return known.get(cells["city"], Belongs.UNCLEAR)


@pytest.fixture
def check(csv_of, mapping_of):
    def check(lines):
        mapping = mapping_of()
        table = read_table(csv_of(HEADINGS + lines), mapping=mapping)
        return check_table(table, mapping=mapping, scope=belongs, scope_field="city")

    return check


def said(checked):
    return [
        (finding.row, finding.column, finding.value, finding.complaint.code)
        for finding in checked.findings_in_order
        if finding.complaint.code != "column-not-used"
    ]


def test_good_rows_become_records_with_their_values(check):
    checked = check("晋城, 晨光 ,300张,\n")

    assert [record.values for record in checked.records] == [
        {"city": "晋城", "name": "晨光", "beds": 300}
    ]
    assert said(checked) == []


def test_a_value_that_is_openly_not_known_is_a_notice_and_the_row_goes_in(check):
    checked = check("晋城,晨光,未知,\n")

    assert checked.records[0].values["beds"] is None
    assert said(checked) == [(2, "床位", "未知", "not-known")]


def test_every_fault_of_a_row_is_said_and_the_row_stays_outside(check):
    checked = check("晋城,,三百,\n晋城,和顺,80,\n")

    assert said(checked) == [(2, "名称", "", "required"), (2, "床位", "三百", "not-a-count")]
    assert [record.row.number for record in checked.records] == [3]
    assert [row.number for row in checked.rejected_rows] == [2]


def test_rows_of_other_cities_are_counted_and_looked_at_no_further(check):
    checked = check("太原,,三百,\n")

    assert (checked.elsewhere, said(checked), checked.rejected_rows) == (1, [], [])


def test_a_row_of_nobody_s_city_is_an_error(check):
    assert said(check("火星,晨光,3,\n")) == [(2, "城市", "火星", "place-unclear")]


def test_a_torn_row_is_rejected_counted_and_shown_by_its_beginning(check):
    checked = check("晋城,晨光\n")

    assert checked.torn == 1
    assert said(checked) == [(2, "", "晋城,晨光", "torn-row")]
    assert checked.findings_in_order[-1].level is Level.REJECT


def test_a_character_lost_before_the_file_reached_us_keeps_the_row_outside(check):
    checked = check("晋城,晨\ufffd养老院,3,\n")

    assert said(checked) == [(2, "名称", "晨\ufffd养老院", "damaged-characters")]
    assert checked.records == []


def test_invisible_characters_are_taken_out_and_said(check):
    checked = check("晋城,晨\u200b光,3,\n")

    assert checked.records[0].values["name"] == "晨光"
    assert said(checked) == [(2, "名称", "晨光", "invisible-characters")]


def test_a_column_that_nothing_reads_is_said_once(check):
    findings = check("晋城,晨光,3,\n晋城,和顺,3,\n").findings

    assert [(finding.row, finding.column) for finding in findings] == [(1, "备注")]


def test_findings_are_counted_by_level_with_none_left_out(check):
    counts = count_by_level(check("晋城,晨光,未知,\n晋城,,1,\n晋城\n").findings)

    assert counts == {Level.NOTICE: 2, Level.WARNING: 0, Level.ERROR: 1, Level.REJECT: 1}
