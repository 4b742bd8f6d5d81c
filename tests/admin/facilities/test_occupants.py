"""showImport, downloadTemplate, checkList, takeListIn: who is in the beds already, as a list."""

import io
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select, text

from admin.facilities import occupant_views
from server.facilities.models import Stay
from server.facilities.occupants import desk
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_resident
from tests.server.facilities.occupants.lists import HEADINGS, a_list, a_row

NUMBER, OTHER = an_id_number(781), an_id_number(782)
OFFICES = {Role.FACILITY_OPERATOR, Role.COUNTY_OFFICER}


class TestPage(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/occupants"


class TestPageOfAllHomes(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/beds/occupants"


class TestCheck(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/occupants/checks"


class TestTaking(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/occupants"


@pytest.fixture
def li(session):
    return make_resident(
        session, name="李秀英", id_number=NUMBER, village_code=OTHER_COUNTY_VILLAGE
    )


@pytest.fixture
def check(operator, home):
    def check(*rows, desk=operator, content=None, address=f"/beds/{home.id}/occupants"):
        sent = content if content is not None else a_list(*rows)
        return desk.post(f"{address}/checks", {"list": (io.BytesIO(sent), "名单.csv")})

    return check


@pytest.fixture
def take(operator, home):
    def take(checked, *, desk=operator, address=f"/beds/{home.id}/occupants"):
        [sealed] = re.findall(r'name="sealed" value="([^"]+)"', checked.text)
        return desk.post(address, {"sealed": sealed})

    return take


def stays(session):
    return session.execute(select(Stay)).scalars().all()


def test_a_check_says_what_would_be_and_records_nothing(check, session, beds, li):
    answer = check(a_row(beds[0], number=NUMBER))

    assert answer.status_code == 200
    assert "登记 1 人入住" in answer.text
    assert NUMBER not in answer.text
    assert stays(session) == []


def test_the_list_that_was_checked_is_taken_in(check, take, session, beds, li):
    answer = take(check(a_row(beds[0], number=NUMBER)))

    assert "已登记 1 人入住" in answer.text
    [stay] = stays(session)
    assert stay.resident_id == li.id
    again = check(a_row(beds[0], number=NUMBER))
    assert "没有变化" in again.text
    assert 'name="sealed"' not in again.text


def test_a_wrong_row_is_told_by_line_column_and_sentence_and_holds_all_back(
    check, session, beds, li
):
    answer = check(a_row(beds[0], number=NUMBER), a_row("999-9", name="王建国", number=OTHER))

    assert answer.status_code == 200
    for said in ("请先改好 1 行", "床位", "999-9", "这家机构没有这张床位"):
        assert said in answer.text
    assert 'name="sealed"' not in answer.text


def test_who_came_between_check_and_taking_in_is_told(check, take, session, beds, li):
    checked = check(a_row(beds[0], number=NUMBER))
    beds[0].left_uncleaned_at = beds[0].recorded_at
    session.flush()

    answer = take(checked)

    assert "一个人也没有登记" in answer.text
    assert stays(session) == []


def test_every_check_is_in_the_trail_with_whoever_looked(check, session, beds):
    check(a_row(beds[0], number=OTHER))

    acts = "SELECT staff_id FROM act WHERE action = 'beds_occupants.check_list'"
    [staff_id] = session.execute(text(acts)).scalars()
    assert staff_id is not None


def test_whoever_guesses_is_stopped(check, beds, monkeypatch):
    monkeypatch.setattr(desk, "LISTS_AN_HOUR", (2, desk.LISTS_AN_HOUR[1]))

    answers = [check(a_row(beds[0], number=OTHER)).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_a_sealed_list_that_is_not_ours_is_refused(operator, home):
    for sealed in ("", "AAAA", "k1:AAAA", "不是"):
        answer = operator.post(f"/beds/{home.id}/occupants", {"sealed": sealed})
        assert answer.status_code == 422
        assert "请重新选择文件" in answer.text


def test_a_home_takes_nobody_into_a_bed_of_another(check, session, li):
    far = make_site(session, name="别家养老院")

    answer = check(a_row(make_bed(session, site=far), number=NUMBER, 机构="别家养老院"))

    assert "不归您管" in answer.text


def test_the_county_takes_in_a_list_of_all_its_homes(check, take, officer, session, home, beds, li):
    there = {"desk": officer, "address": "/beds/occupants"}
    answer = take(check(a_row(beds[0], number=NUMBER, 机构=home.name), **there), **there)

    assert "已登记 1 人入住" in answer.text
    assert len(stays(session)) == 1


def test_a_home_of_another_county_is_not_found(officer, session):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)

    assert officer.get(f"/beds/{far.id}/occupants").status_code == 404


def test_the_template_has_a_row_for_each_free_bed_and_goes_in_as_it_is(operator, check, home, beds):
    book = operator.get(f"/beds/{home.id}/occupants/template.xlsx")
    rows = list(load_workbook(io.BytesIO(book.data)).active.values)

    assert rows[0][2] == "床位"
    assert [row[2] for row in rows[1:]] == [bed.label for bed in beds]
    answer = check(content=book.data)
    assert "名单里一个人也没有写" in answer.text


def a_bomb():
    """A workbook of forty thousand bytes that unpacks to forty million."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return content.getvalue()


def a_far_cell():
    """A workbook with one cell in the last row and column that a sheet can have."""
    book = Workbook()
    book.active["XFD1048576"] = "床位"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        a_bomb(),
        a_far_cell(),
        b"PK\x03\x04" + b"\0" * 1_000,
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"",
    ],
    ids=["bomb", "far cell", "torn zip", "html", "svg", "pdf", "xls", "empty"],
)
def test_what_is_no_list_is_refused_with_a_sentence(check, content):
    answer = check(content=content)

    assert answer.status_code == 422
    assert "没有办理成功" in answer.text


def test_a_list_beyond_what_a_desk_may_send_is_refused(check, monkeypatch):
    monkeypatch.setattr(occupant_views, "LARGEST_LIST", 50)

    assert "文件太大" in check(content=b"a" * 100).text


def test_a_name_that_would_run_is_shown_as_letters(check, beds):
    answer = check(a_row(beds[0], name="<script>alert(1)</script>", number=OTHER))

    assert "<script>alert" not in answer.text


def test_when_something_became_known_is_nobodys_to_say(operator, check, session, home, beds, li):
    """Neither a column of the list nor a field of a form sets it."""
    headings = (*HEADINGS, "recorded_at", "登记时间")
    row = a_row(beds[0], number=NUMBER) | {"recorded_at": "2020-01-01", "登记时间": "2020-01-01"}
    answer = check(content=a_list(row, headings=headings))
    assert "这一列没有用到" in answer.text

    form = {"bed": beds[0].id, "deed": "admit", "recorded_at": "2020-01-01T00:00:00Z"}
    operator.post(
        f"/beds/{home.id}/admissions/introductions", {"name": "李秀英", "id_number": NUMBER}
    )
    refused = operator.post(f"/beds/{home.id}/admissions/residents/{li.id}", form)
    assert (refused.status_code, stays(session)) == (422, [])
