"""showDiners, exportDiners: who eats at a sitting."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from server.identity.models import Role
from server.meals.models import BookingStatus
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.factories.meals import make_sitting


class TestDiners(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, sitting):
        return f"/meals/sittings/{sitting.id}/diners"


class TestExport(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, sitting):
        return f"/meals/sittings/{sitting.id}/diners.csv"


def names(page):
    return [e.text for e in read(page).find("th") if e.attributes.get("scope") == "row"]


@pytest.fixture
def full(sitting, seat):
    seat(sitting, name="赵桂兰", code="111222")
    seat(sitting, name="李秀英", code="482913")
    seat(sitting, name="陈德福", code="333444", status=BookingStatus.COLLECTED)
    seat(sitting, name="王取消", code="555666", status=BookingStatus.CANCELLED)
    return f"/meals/sittings/{sitting.id}/diners"


def test_it_lists_by_pinyin_with_code_and_state(desk, full):
    page = desk.get(full).text

    assert names(page) == ["陈德福", "李秀英", "赵桂兰"]
    assert "482 913" in page
    assert "已订未取" in page


@pytest.mark.parametrize("search", ["秀英", "lxy", "LiXiu", "4829", "李"])
def test_it_is_searched_by_name_pinyin_and_code(desk, full, search):
    assert names(desk.get(f"{full}?search={search}").text) == ["李秀英"]


def test_htmx_is_given_the_table_alone(desk, full):
    part = desk.get(f"{full}?search=lxy&status=", **{"HX-Request": "true"}).text

    assert names(part) == ["李秀英"]
    assert "<html" not in part


def test_the_state_narrows_the_list(desk, full):
    assert names(desk.get(f"{full}?status=cancelled").text) == ["王取消"]


def test_nobody_found_says_how_to_search(desk, full):
    assert "没有找到。" in desk.get(f"{full}?search=zzz").text


def test_a_name_is_never_html(desk, sitting, seat):
    seat(sitting, name="<b>李&四</b>")

    page = desk.get(f"/meals/sittings/{sitting.id}/diners").text

    assert "&lt;b&gt;李&amp;四&lt;/b&gt;" in page


def test_another_canteens_list_is_not_found(desk, session, seat):
    other = make_sitting(session, in_days=0)
    seat(other)

    for address in (f"/meals/sittings/{other.id}/diners", f"/meals/sittings/{other.id}/diners.csv"):
        response = desk.get(address)
        assert response.status_code == 404
        assert "李秀英" not in response.text


def test_an_unknown_filter_is_refused(desk, full):
    assert desk.get(f"{full}?sort=name").status_code == 422
    assert desk.get(f"{full}?status=eaten").status_code == 422


def test_more_diners_ask_no_more_of_the_database(desk, sitting, seat, statements):
    address = f"/meals/sittings/{sitting.id}/diners"
    seat(sitting)
    with statements() as few:
        desk.get(address)
    for _ in range(12):
        seat(sitting)
    with statements() as many:
        desk.get(address)

    assert len(many) == len(few)


def test_the_csv_opens_in_excel_and_runs_nothing(desk, sitting, seat):
    seat(sitting, name='=HYPERLINK("http://evil")', code="012345")

    response = desk.get(f"/meals/sittings/{sitting.id}/diners.csv")
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))

    assert response.text.startswith("\ufeff姓名,取餐码")
    assert rows[1][:2] == ['\'=HYPERLINK("http://evil")', "012345"]
    assert rows[1][4] == "12.00"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_workbook_keeps_codes_whole_and_holds_no_formula(desk, sitting, seat):
    seat(sitting, name="=1+1", code="012345")

    response = desk.get(f"/meals/sittings/{sitting.id}/diners.xlsx")
    book = load_workbook(io.BytesIO(response.data))
    name, code, _, _, pays, _ = next(book.active.iter_rows(min_row=2))

    assert (name.data_type, name.value) == ("s", "'=1+1")
    assert code.value == "012345"
    assert pays.value == 12
    book.close()


def test_the_file_holds_what_the_page_shows(desk, full):
    response = desk.get(f"{full}.csv?search=lxy")

    assert response.text.count("\r\n") == 2


def test_a_list_that_is_taken_out_is_in_the_trail_and_a_look_at_it_is_not(
    desk, sitting, seat, session
):
    seat(sitting)
    desk.get(f"/meals/sittings/{sitting.id}/diners")
    desk.get(f"/meals/sittings/{sitting.id}/diners.csv")

    session.commit()
    acts = session.execute(text("SELECT staff_id IS NOT NULL FROM act WHERE action ~ 'meals_d'"))
    assert acts.scalars().all() == [True]
