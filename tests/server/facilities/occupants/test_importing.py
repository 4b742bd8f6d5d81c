"""A list is read whole: who, which bed, since when; what cannot be used is said by row."""

from datetime import timedelta

import pytest

from server import clock
from server.facilities.models import BedKind
from server.facilities.occupants.importing import hide
from server.intake.errors import TableColumnsMissing, TableUnreadable
from tests.factories.people import an_id_number
from tests.server.facilities.occupants.lists import a_list, a_row, read, told, understand

NUMBER, OTHER = an_id_number(611), an_id_number(612)
TODAY = clock.today()


def test_a_row_becomes_a_person_in_a_bed():
    occupants = read(a_row("201-1", number=NUMBER, 房间="201", 床位类型="医疗床位", 备注="鼻饲"))

    [one] = occupants.people
    assert (one.name, one.identity.number, one.room, one.label) == (
        "李秀英",
        NUMBER,
        "201",
        "201-1",
    )
    assert (one.kind, one.note) == (BedKind.MEDICAL, "鼻饲")
    assert occupants.is_sound


def test_an_empty_bed_of_the_template_is_passed_over():
    occupants = read(a_row("201-1", number=NUMBER), {"房间": "201", "床位": "201-2"})

    assert [one.label for one in occupants.people] == ["201-1"]
    assert told(occupants) == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"身份证号": NUMBER[:-1] + "A"}, "id-number-unusable"),
        ({"身份证号": ""}, "required"),
        ({"姓名": ""}, "required"),
        ({"入住日期": "前年春天"}, "not-a-day"),
        ({"入住日期": (TODAY + timedelta(days=1)).isoformat()}, "not-begun"),
        ({"入住日期": "1940-01-01"}, "before-birth"),
        ({"床位类型": "上铺"}, "not-in-the-glossary"),
        ({"备注": "长" * 201}, "too-long"),
    ],
)
def test_what_cannot_be_used_stays_outside(given, code):
    occupants = read(a_row("201-1", number=NUMBER) | given)

    assert (occupants.people, told(occupants)) == ([], {2: [code]})


def test_the_same_row_twice_is_one_and_a_person_in_two_beds_is_said():
    row = a_row("201-1", number=NUMBER)
    occupants = read(row, row, a_row("201-2", number=NUMBER), a_row("202-1", number=OTHER))

    assert [one.label for one in occupants.people] == ["201-1", "202-1"]
    assert occupants.repeated == 1
    assert told(occupants) == {3: ["repeats-row"], 4: ["person-on-row"]}


def test_nobody_stands_in_full_in_what_is_quoted():
    occupants = read(a_row("201-1", number=NUMBER), a_row("201-2", number=NUMBER))
    hide(occupants)

    [finding] = occupants.checked.findings
    assert NUMBER not in finding.value
    assert finding.value.startswith(NUMBER[:4])


def test_a_file_that_is_no_such_list_is_refused_as_a_whole():
    for content, refusal in (
        (b"", TableUnreadable),
        (b"PK\x03\x04 not a workbook", TableUnreadable),
        (b"\0\0\0\0", TableUnreadable),
        (a_list(headings=("姓名", "电话")), TableColumnsMissing),
    ):
        with pytest.raises(refusal):
            understand(content, today=TODAY)
