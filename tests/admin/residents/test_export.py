"""exportFound: the list of a search is taken along with a reason, starred, for all to see."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from server.identity.models import Role
from server.residents import register
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import an_id_number, make_resident

COUNTY = "140502"
ADDRESS = "/residents/export"


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)


@pytest.fixture
def mother(session):
    return make_resident(
        session, name="李秀英", phone="+8613912340001", id_number=an_id_number(821), address="1 号"
    )


def take(desk, **changed):
    form = {"term": "李秀英", "reason": "入户核查名单", "kind": "csv"} | changed
    return desk.post(ADDRESS, form)


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_whoever_the_search_finds_goes_out_with_stars_and_a_mark(session, officer, mother):
    make_resident(session, name="李秀英", village_code=OTHER_COUNTY_VILLAGE)
    rows = rows_of(take(officer))

    assert [row[1] for row in rows[1:-1]] == ["李**"]
    assert rows[-1][0].startswith("由 王主任") or "王主任" in rows[-1][0]
    assert "入户核查名单" in rows[-1][0]
    whole = str(rows)
    for personal in ("李秀英", "13912340001", an_id_number(821), "1 号"):
        assert personal not in whole


def test_a_sheet_says_the_same(officer, mother):
    answer = take(officer, kind="xlsx")

    sheet = load_workbook(io.BytesIO(answer.data)).active
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert told[1][1] == "李**"
    assert "入户核查名单" in told[-1][0]


def test_everybody_in_it_can_see_by_whom_and_why(session, officer, mother):
    take(officer)

    session.commit()
    noted = text("SELECT reason, is_export FROM opening WHERE resident_id = :id")
    assert tuple(session.execute(noted, {"id": mother.id}).one()) == ("入户核查名单", True)
    act = text("SELECT reason FROM act WHERE action = 'residents.export_found'")
    assert session.execute(act).scalar_one() == "入户核查名单"
    officer.post(f"/residents/{mother.id}/openings", {"reason": "核对"})
    assert "随名单导出" in officer.get(f"/residents/{mother.id}/history").text


def test_an_export_opens_no_file(officer, mother):
    take(officer)

    assert "13912340001" not in officer.get(f"/residents/{mother.id}").text


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"reason": ""}, 422), ({"term": "李"}, 422), ({"kind": "pdf"}, 422), ({"all": "yes"}, 422)],
)
def test_without_a_reason_or_a_narrow_question_nothing_goes_out(
    session, officer, mother, changed, status
):
    answer = take(officer, **changed)

    assert answer.status_code == status
    session.commit()
    assert session.execute(text("SELECT count(*) FROM opening")).scalar_one() == 0


def test_no_more_goes_out_than_the_search_shows(session, officer, monkeypatch):
    monkeypatch.setattr(register, "MOST_FOUND", 3)
    for _ in range(6):
        make_resident(session, name="李秀英")

    assert len(rows_of(take(officer))) == 1 + 3 + 1


@pytest.mark.parametrize("role", [Role.COMMUNITY_WORKER, Role.AUDITOR])
def test_only_some_offices_take_lists_along(sit_down, mother, role):
    desk = sit_down(role, division_code=COUNTY)

    assert take(desk).status_code == 403
    assert ADDRESS not in desk.post("/residents/search", {"term": "李秀英"}).text


def test_the_desk_of_assessments_goes_out_as_a_file(officer):
    answer = officer.get("/residents/assessments/export.csv")

    assert answer.status_code == 200
    assert len(rows_of(answer)) == 1
    assert officer.get("/residents/assessments/export.xlsx").status_code == 200


def test_reports_about_a_person_go_out_once_the_file_is_open(officer, mother):
    address = f"/residents/{mother.id}/departures/export.csv"
    assert officer.get(address).status_code == 403

    officer.post(f"/residents/{mother.id}/openings", {"reason": "核对"})

    assert len(rows_of(officer.get(address))) == 1
