"""A list of staff on the console: checked first, then taken in whole or not at all."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import select

from server.caregivers.list_desk import LISTS_AN_HOUR
from server.caregivers.models import Caregiver, Employment
from server.identity.models import Role
from tests.admin.page_lint import read
from tests.factories.meals import make_site
from tests.factories.people import an_id_number

HEADINGS = ["机构", "姓名", "身份证号", "手机号", "岗位", "入职日期"]


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def desk(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


def row(number, name="孙一兰", site="枫叶养老院"):
    return [site, name, an_id_number(number), f"139{number:08d}", "护理员", "2024-03-01"]


def a_list(*rows):
    text = "\n".join(",".join(cells) for cells in ([*HEADINGS], *rows))
    return {"list": (BytesIO(text.encode()), "list.csv")}


def sealed_in(page):
    return next(
        one.attributes["value"]
        for one in read(page.text).find("input")
        if one.attributes.get("name") == "sealed"
    )


def test_a_list_is_checked_and_then_taken_in(session, desk, home):
    checked = desk.post("/caregivers/import/checks", a_list(row(7501), row(7502, name="赵二娥")))
    assert "名单核对无误" in checked.text
    assert session.exec(select(Caregiver)).all() == []

    taken = desk.post("/caregivers/import", {"sealed": sealed_in(checked)})

    assert taken.status_code == 200
    people = session.exec(select(Caregiver).order_by(Caregiver.id)).all()
    assert [one.name for one in people] == ["孙一兰", "赵二娥"]
    assert {one.site_id for one in session.exec(select(Employment))} == {home.id}
    again = desk.post("/caregivers/import/checks", a_list(row(7501)))
    assert 'name="sealed"' not in again.text


def test_one_row_to_be_mended_keeps_everybody_out(session, desk):
    wrong = row(7504)
    wrong[2] = "140502194405060011"

    checked = desk.post("/caregivers/import/checks", a_list(row(7503), wrong))

    assert checked.status_code == 200
    assert 'name="sealed"' not in checked.text
    assert "身份证号" in checked.text
    assert session.exec(select(Caregiver)).all() == []


def test_people_of_another_home_are_not_taken_in(session, desk):
    make_site(session, name="松柏养老院")

    checked = desk.post("/caregivers/import/checks", a_list(row(7505, site="松柏养老院")))

    assert 'name="sealed"' not in checked.text
    assert session.exec(select(Caregiver)).all() == []


def test_an_excel_list_is_read_too(session, desk):
    book = Workbook()
    for cells in (HEADINGS, row(7506)):
        book.active.append(cells)
    kept = BytesIO()
    book.save(kept)

    sent = {"list": (BytesIO(kept.getvalue()), "list.xlsx")}
    checked = desk.post("/caregivers/import/checks", sent)

    assert sealed_in(checked)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_what_is_no_list_is_refused(desk, content):
    sent = {"list": (BytesIO(content), "list.xlsx")}
    assert desk.post("/caregivers/import/checks", sent).status_code == 422


def test_a_list_that_is_too_large_is_refused(session, desk, monkeypatch):
    monkeypatch.setattr("admin.caregivers.import_views.LARGEST_LIST", 1_500)

    answer = desk.post("/caregivers/import/checks", a_list(*[row(7508)] * 25))

    assert answer.status_code == 422
    assert 'name="sealed"' not in answer.text


@pytest.mark.parametrize("sealed", ["", "bm9ib2R5", "不是密文"])
def test_only_what_was_checked_here_is_taken_in(session, desk, sealed):
    answer = desk.post("/caregivers/import", {"sealed": sealed})

    assert answer.status_code == 422
    assert session.exec(select(Caregiver)).all() == []


def test_nobody_tries_numbers_by_lists(desk):
    tries = [
        desk.post("/caregivers/import/checks", a_list(row(7507))).status_code
        for _ in range(LISTS_AN_HOUR[0] + 1)
    ]
    assert set(tries[:-1]) == {200}
    assert tries[-1] == 429


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_has_the_headings_that_are_understood(desk, ending):
    answer = desk.get(f"/caregivers/import/template.{ending}")

    if ending == "csv":
        headings = answer.data.decode("utf-8-sig").splitlines()[0].split(",")
    else:
        sheet = load_workbook(BytesIO(answer.data)).active
        headings = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    assert set(HEADINGS) <= set(headings)


def test_the_county_takes_no_list_in(sit_down, home):
    county = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    assert county.get("/caregivers/import").status_code == 403
