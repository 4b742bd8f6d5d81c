"""Who a row of a list speaks of, and how little of it is shown."""

from datetime import date

import pytest

from server.intake.checking import Checked
from server.intake.findings import error
from server.intake.rows import Row
from server.intake.tables import Table
from server.residents.cells import NotUsable, hide_people, identity_in
from server.residents.models import Sex
from tests.factories.people import an_id_number

BORN_ON = date(1941, 2, 3)
OF_A_WOMAN, OF_A_MAN = an_id_number(2, BORN_ON), an_id_number(3, BORN_ON)


@pytest.mark.parametrize(
    ("number", "sex"), [(OF_A_WOMAN, Sex.FEMALE), (OF_A_MAN, Sex.MALE), (f" {OF_A_MAN} ", Sex.MALE)]
)
def test_the_number_says_birthday_and_sex(number, sex):
    identity = identity_in({"id_number": number})

    assert (identity.born_on, identity.sex) == (BORN_ON, sex)
    assert identity.number == number.strip()
    assert len(identity.digest) == 32


def test_without_a_number_the_row_speaks_for_itself():
    identity = identity_in({"born_on": BORN_ON, "sex": Sex.MALE})

    assert (identity.number, identity.digest) == (None, None)
    assert (identity.born_on, identity.sex) == (BORN_ON, Sex.MALE)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"id_number": OF_A_MAN[:-1]}, "id_number", "id-number-unusable"),
        ({"id_number": OF_A_MAN, "sex": Sex.FEMALE}, "sex", "disagrees-with-id-number"),
        ({"id_number": OF_A_MAN, "born_on": date(1941, 2, 4)}, "born_on", "disagrees"),
    ],
)
def test_the_number_is_not_denied(values, field, code):
    with pytest.raises(NotUsable) as problem:
        identity_in(values)

    assert problem.value.field == field
    assert problem.value.complaint.code.startswith(code)


def test_findings_quote_nobody():
    headings = {"name": "姓名", "id_number": "身份证号", "phone": "电话", "address": "住址"}
    checked = Checked(Table(Row(1, tuple(headings.values())), []), headings)
    quoted = {
        "name": "欧阳德善",
        "id_number": OF_A_MAN,
        "phone": "13812341234",
        "address": "黄华街",
        "": "欧阳德善,1405",
    }
    for field, value in quoted.items():
        checked.note(Row(2, ()), field, value, error("required"))
    checked.note(Row(3, ()), "id_number", "140502", error("id-number-unusable"))
    checked.note(Row(3, ()), "phone", "1381", error("required"))

    hide_people(checked)

    assert [finding.value for finding in checked.findings] == [
        "欧***", f"1405{'*' * 10}{OF_A_MAN[-4:]}", "138****1234", "黄华街", "", "*" * 6, "*" * 4,
    ]  # fmt: skip
