"""The register of caregivers on the console: entered, found, filtered, taken out."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server import clock
from server.caregivers.models import Degree
from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.caregivers import (
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.meals import make_site
from tests.factories.people import an_id_number

NUMBER = an_id_number(7301)


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def desk(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def worker(session, home):
    one = make_caregiver(session, home, name="孙一兰", phone="+8613903560011")
    make_employment(session, one)
    return one


def test_the_register_names_who_works_here_and_what_is_missing(session, desk, home, worker):
    make_certificate(session, worker, level=3, valid_until=clock.today() + timedelta(days=20))

    answer = desk.get("/caregivers")

    assert answer.status_code == 200
    for words in ("孙一兰", "枫叶养老院", "三级 高级工", "证书将到期", "无认证学历", "无收款账号"):
        assert words in answer.text
    assert "**********" in answer.text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?post=care", True),
        ("?post=nursing", False),
        ("?level=3", True),
        ("?level=5", False),
        ("?certified=false", False),
        ("?ends_in=30", True),
        ("?works=false", False),
        ("?missing=certificate_ending", True),
        ("?missing=certificate", False),
        ("?two_employers=true", False),
    ],
)
def test_filters_stand_in_the_address(session, desk, worker, query, is_found):
    make_certificate(session, worker, level=3, valid_until=clock.today() + timedelta(days=20))

    answer = desk.get(f"/caregivers{query}")

    assert ("孙一兰" in answer.text) is is_found


def test_an_unknown_filter_is_refused(desk):
    assert desk.get("/caregivers?colour=red").status_code == 422


@pytest.mark.parametrize("term", ["孙一", "sunyi", "syl", "13903560011"])
def test_somebody_is_looked_for(desk, worker, term):
    assert "孙一兰" in desk.post("/caregivers/search", {"term": term}).text


def test_a_wrong_id_number_is_said(desk):
    answer = desk.post("/caregivers/search", {"term": "140502194405060011"})
    assert answer.status_code == 422


def test_the_file_has_stars_until_somebody_says_why(desk, worker):
    page = f"/caregivers/{worker.id}"
    assert "**********" in desk.get(page).text

    assert desk.post(f"{page}/openings", {"reason": "核对身份证"}).status_code == 303

    shown = desk.get(page).text
    assert "**********" not in shown
    assert "核对身份证" in shown


def test_somebody_is_entered_and_employed_and_certified(session, desk, home):
    form = {"site": home.id, "name": "赵玉兰", "id_number": NUMBER, "phone": "13903560012",
            "payee_bank": "工商银行", "payee_account": "6222000011112222"}  # fmt: skip
    entered = desk.post("/caregivers/new", form)
    assert entered.status_code == 303
    there = entered.headers["Location"].removeprefix("/admin")

    terms = {"site": home.id, "starts_on": "2024-03-01", "post": "care", "is_front_line": "true",
             "is_full_time": "true"}  # fmt: skip
    assert desk.post(f"{there}/employments", terms).status_code == 303
    certificate = {"level": "4", "number": "s140500000000001", "issuer": "晋城市鉴定中心",
                   "issued_on": "2024-05-01", "valid_until": "2100-01-01"}  # fmt: skip
    assert desk.post(f"{there}/certificates", certificate).status_code == 303
    degree = {"degree": "bachelor", "school": "长治医学院", "obtained_on": "2020-06-30",
              "recognition": "XL0000001", "recognised_on": "2024-01-01"}  # fmt: skip
    assert desk.post(f"{there}/education", degree).status_code == 303

    shown = desk.get(there).text
    for words in ("赵玉兰", "四级 中级工", "S140500000000001", "长治医学院", "**** 2222"):
        assert words in shown
    again = desk.post("/caregivers/new", form)
    assert again.status_code == 409
    assert there in again.text


def test_what_is_known_elsewhere_is_not_shown(session, desk, home):
    make_caregiver(session, make_site(session, name="松柏养老院"), id_number=NUMBER)

    form = {"site": home.id, "name": "赵玉兰", "id_number": NUMBER}
    answer = desk.post("/caregivers/new", form)

    assert answer.status_code == 409
    assert "此人已登记，请通过调入办理" in answer.text
    assert "松柏" not in answer.text


def test_an_employment_changes_and_ends(session, desk, home, worker):
    employment = employment_of(session, worker)
    at = f"/caregivers/{worker.id}/employments/{employment}"
    contract = {"starts_on": "2023-07-15", "last_day": "2026-07-14", "insurance_payer": "employer"}
    assert desk.post(f"{at}/contracts", contract).status_code == 303
    terms = {"site": home.id, "starts_on": "2024-03-01", "post": "management"}
    assert desk.post(f"{at}/terms", terms).status_code == 303
    answer = desk.post(f"{at}/end", {"last_day": "2025-01-01", "leaving_reason": "resigned"})
    assert answer.status_code == 409
    assert "这段任职已结束" in answer.text
    assert "管理" in desk.get(f"/caregivers/{worker.id}").text


def test_a_second_employer_ends_its_part_time_employment(session, sit_down, worker):
    other = make_site(session, name="松柏养老院")
    second = make_employment(session, worker, other, is_full_time=False).id
    desk = sit_down(Role.FACILITY_OPERATOR, site_id=other.id)
    at = f"/caregivers/{worker.id}/employments/{second}/end"
    assert at in desk.get(f"/caregivers/{worker.id}").text

    answer = desk.post(at, {"last_day": "2025-01-01", "leaving_reason": "resigned"})

    assert answer.status_code == 303
    assert at not in desk.get(f"/caregivers/{worker.id}").text


def employment_of(session, worker):
    query = "SELECT id FROM employment WHERE caregiver_id = %(who)s"
    return session.connection().exec_driver_sql(query, {"who": worker.id}).scalar_one()


def test_the_county_verifies_and_annuls_and_the_operator_does_not(
    session, desk, county, home, worker
):
    certificate = make_certificate(session, worker)
    at = f"/caregivers/{worker.id}/certificates/{certificate.id}"

    assert desk.post(f"{at}/verification").status_code == 403
    assert county.post(f"{at}/verification").status_code == 303
    assert county.post(f"{at}/annulment", {"reason": ""}).status_code == 422
    assert county.post(f"{at}/annulment", {"reason": "证书系伪造"}).status_code == 303

    session.refresh(certificate)
    assert certificate.verified_on == certificate.annulled_on == clock.today()
    shown = desk.get(at).text
    assert "已作废" in shown
    assert f"/c/{certificate.check_code}" in shown
    assert "<svg" in shown


def test_the_county_enters_nobody(county, home):
    assert county.get("/caregivers/new").status_code == 403


def test_another_countys_people_are_not_there(session, sit_down, worker):
    stranger = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])

    assert "孙一兰" not in stranger.get("/caregivers").text
    assert stranger.get(f"/caregivers/{worker.id}").status_code == 404


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_list_is_taken_out_with_stars(session, desk, worker, ending):
    answer = desk.get(f"/caregivers/export.{ending}?post=care")

    if ending == "xlsx":
        sheet = load_workbook(BytesIO(answer.data)).active
        told = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert told[1][0] == "孙一兰"
        assert "**********" in told[1][1]
    else:
        assert "孙一兰" in answer.text
    assert "13903560011" not in str(answer.data)


def test_many_caregivers_take_no_more_statements(session, desk, home, statements):
    def staff(count):
        for _ in range(count):
            one = make_caregiver(session, home)
            make_contract(session, make_employment(session, one))
            make_degree(session, one, Degree.COLLEGE)
            make_certificate(session, one)

    staff(2)
    with statements() as few:
        desk.get("/caregivers")
    staff(10)
    with statements() as many:
        desk.get("/caregivers")

    assert len(many) == len(few)


def test_the_overview_counts_those_at_work(session, county, home, worker):
    make_certificate(session, worker, level=2)
    make_employment(session, make_caregiver(session, home), starts_on=date(2024, 1, 1))

    answer = county.get("/caregivers/overview")

    assert answer.status_code == 200
    assert "50 %" in answer.text
    assert "2 人中的 1 人" in answer.text
    assert county.get("/caregivers/overview/export.csv").text.count("枫叶养老院") == 1
    assert county.get("/caregivers/overview?x=1").status_code == 422
