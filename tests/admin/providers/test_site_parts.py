"""A site's part of the register: basics, papers, stars, prices, licensed beds, opening, photos."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.stays.admitting import admit
from server.identity.models import Role
from server.providers.models import OpeningState, Site
from server.providers.queries import find_provider
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.pictures import picture

TODAY = clock.today()
READERS = {
    Role.FACILITY_OPERATOR,
    Role.HOME_CARE_PROVIDER,
    Role.COMMUNITY_WORKER,
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.AUDITOR,
}
SOON = (TODAY + timedelta(days=20)).isoformat()
FORMS = {
    "papers": {
        "paper_kind": "fire",
        "paper_number": "晋消验 12",
        "issuer": "消防救援支队",
        "starts_on": "2024-01-01",
        "last_day": SOON,
    },
    "stars": {"stars": "4", "document": "评定公告", "starts_on": "2024-01-01", "last_day": SOON},
    "prices": {
        "item": "nursing",
        "lowest": "1200",
        "highest": "3600.50",
        "starts_on": "2024-01-01",
    },
    "licences": {
        "bed_kind": "institution",
        "licensed": "120",
        "nursing": "80",
        "document": "备案回执",
        "starts_on": "2024-01-01",
    },
}
SHOWN = {"papers": "晋消验 12", "stars": "四星级", "prices": "3,600.50", "licences": "120"}


@pytest.fixture
def home(session):
    return make_site(session, name="桑榆里养老院")


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


class TestAPart(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, home):
        return f"/providers/sites/{home.id}/papers"


class TestItsFile(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, home):
        return f"/providers/sites/{home.id}/prices/export.csv"


class TestPhotos(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, home):
        return f"/providers/sites/{home.id}/photos"


class TestExpiring(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self):
        return "/providers/expiring"


class TestDeciding(AcceptsFrom):
    roles = {Role.COUNTY_OFFICER}

    @pytest.fixture
    def address(self, home):
        return f"/providers/sites/{home.id}/stars/new"

    @pytest.fixture
    def form(self):
        return FORMS["stars"]


class TestOpening(AcceptsFrom):
    roles = {Role.COUNTY_OFFICER}

    @pytest.fixture
    def address(self, home):
        return f"/providers/sites/{home.id}/opening"

    @pytest.fixture
    def form(self):
        return {"becomes": "suspended", "starts_on": TODAY.isoformat(), "reason": "消防整改"}


@pytest.mark.parametrize("part", FORMS)
def test_an_officer_notes_each_part_and_everybody_reads_it(officer, operator, home, part):
    address = f"/providers/sites/{home.id}/{part}"
    assert officer.get(f"{address}/new").status_code == 200

    assert officer.post(f"{address}/new", FORMS[part]).status_code == 303

    assert SHOWN[part] in operator.get(address).text
    assert operator.get(f"{address}/export.xlsx").status_code == 200
    assert "2024-01-01" in operator.get(f"{address}/export.csv").text


@pytest.mark.parametrize("part", ["papers", "stars", "prices"])
def test_what_was_noted_is_put_right_as_it_stands_and_taken_out(officer, home, part):
    address = f"/providers/sites/{home.id}/{part}"
    officer.post(f"{address}/new", FORMS[part])
    page = officer.get(address).text
    row = page.split(f"/admin{address}/")[-1].split('"')[0]
    assert officer.get(f"{address}/{row}").status_code == 200

    assert officer.post(f"{address}/{row}", FORMS[part]).status_code == 303
    assert officer.post(f"{address}/{row}/removal").status_code == 303

    assert "这里还没有登记" in officer.get(address).text


@pytest.mark.parametrize("part", ["papers", "prices"])
def test_an_operator_keeps_its_own_papers_and_prices(operator, session, home, part):
    other = make_site(session)

    answers = [
        operator.post(f"/providers/sites/{site.id}/{part}/new", FORMS[part]).status_code
        for site in (home, other)
    ]

    assert answers == [303, 404]


@pytest.mark.parametrize("part", ["stars", "licences"])
def test_an_operator_gives_itself_neither_stars_nor_beds(operator, home, part):
    address = f"/providers/sites/{home.id}/{part}"

    assert operator.post(f"{address}/new", FORMS[part]).status_code == 403
    assert f"{address}/new" not in operator.get(address).text


def test_an_officer_of_another_county_changes_nothing(officer, session):
    elsewhere = make_site(session, division_code=OTHER_COUNTY_VILLAGE)

    response = officer.post(f"/providers/sites/{elsewhere.id}/stars/new", FORMS["stars"])

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"lowest": "4000"}, "最低价不能高于最高价"), ({"lowest": "12.345"}, "最低")],
)
def test_a_price_that_cannot_be_is_explained_and_what_was_typed_stays(officer, home, wrong, said):
    response = officer.post(f"/providers/sites/{home.id}/prices/new", FORMS["prices"] | wrong)

    assert response.status_code == 422
    assert said in response.text
    assert 'value="3600.50"' in response.text


@pytest.mark.parametrize("part", ["papers", "stars"])
def test_a_last_day_beyond_all_days_is_explained(officer, home, part):
    form = FORMS[part] | {"last_day": "9999-12-31"}
    refused = officer.post(f"/providers/sites/{home.id}/{part}/new", form)

    assert refused.status_code == 422
    assert 'href="#last_day"' in refused.text


def test_the_basics_are_kept_and_a_point_elsewhere_is_refused(operator, session, home):
    form = {"address": "建设路 2 号", "longitude": "112.85", "latitude": "35.49",
            "monthly_price": "2600", "services": ["dementia", "respite"]}  # fmt: skip
    address = f"/providers/sites/{home.id}/basics"
    assert operator.get(address).status_code == 200

    assert operator.post(address, form).status_code == 303
    refused = operator.post(address, form | {"longitude": "35.49"})

    assert refused.status_code == 422
    assert "经纬度不在本市范围内" in refused.text
    page = operator.get(f"/providers/sites/{home.id}").text
    assert "认知障碍照护" in page
    assert "2,600" in page


def test_the_office_decides_who_runs_it_and_their_credit(officer, operator, session, home):
    form = {"ownership": "private", "is_inclusive": "yes", "inclusive_price": "2200",
            "provider_name": "桑榆里养老服务中心", "uscc": "9111 0000 6000 37341L",
            "credit_status": "watched"}  # fmt: skip
    address = f"/providers/sites/{home.id}/basics/decided"

    assert operator.post(address, form).status_code == 403
    wrong = officer.post(address, form | {"uscc": "123"})
    assert officer.post(address, form).status_code == 303

    assert wrong.status_code == 422
    assert "统一社会信用代码应为 18 位" in wrong.text
    session.expire_all()
    provider = find_provider(session, session.get(Site, home.id).provider_id)
    assert (provider.uscc, provider.credit_status.value) == ("91110000600037341L", "watched")
    assert "重点关注" in operator.get(f"/providers/sites/{home.id}").text


def test_a_home_with_people_in_beds_is_not_closed_and_they_are_listed(officer, session):
    [bed] = make_beds(session, 1)
    admit(
        session,
        bed_id=bed.id,
        resident_id=make_resident(session, name="李秀英").id,
        admitted_on=TODAY,
    )
    address = f"/providers/sites/{bed.site_id}/opening"
    form = {"becomes": "closed", "starts_on": TODAY.isoformat(), "reason": "合同到期"}

    refused = officer.post(address, form)

    assert refused.status_code == 409
    assert "还有 1 位老人" in refused.text
    assert bed.label in refused.text
    assert "李秀英" not in refused.text
    session.expire_all()
    assert session.get(Site, bed.site_id).opening_state is OpeningState.OPEN


def test_a_suspension_shows_with_its_day_and_reason(officer, home):
    form = {"becomes": "suspended", "starts_on": TODAY.isoformat(), "reason": "消防整改"}
    assert officer.get(f"/providers/sites/{home.id}/opening").status_code == 200

    assert officer.post(f"/providers/sites/{home.id}/opening", form).status_code == 303

    assert "消防整改" in officer.get(f"/providers/sites/{home.id}").text


def test_what_ends_soon_is_listed_for_whose_it_is(officer, operator, session, home, sit_down):
    officer.post(f"/providers/sites/{home.id}/papers/new", FORMS["papers"])
    officer.post(f"/providers/sites/{home.id}/stars/new", FORMS["stars"])
    elsewhere = sit_down(Role.COUNTY_OFFICER, division_code="140521")

    for desk in (officer, operator):
        page = desk.get("/providers/expiring").text
        assert "2 项证照与等级" in page
        assert "还剩 20 天" in page
        assert "消防审验" in desk.get("/providers/expiring/export.csv").text
    assert "0 项证照与等级" in elsewhere.get("/providers/expiring").text


def test_a_photo_is_shown_to_everybody_and_taken_out(operator, officer, home):
    address = f"/providers/sites/{home.id}/photos"
    sent = {"caption": "院子", "photo": (io.BytesIO(picture()), "yard.jpg")}
    assert operator.post(address, sent).status_code == 303

    page = officer.get(address).text
    source = re.search(rf'src="/admin({address}/\d+)"', page)[1]
    assert "院子" in page
    assert officer.get(source).mimetype == "image/jpeg"

    removal = re.search(rf"/admin({address}/\d+/removal)", operator.get(address).text)[1]
    assert operator.post(removal).status_code == 303
    assert officer.get(source).status_code == 404


def test_the_picture_of_a_paper_is_for_the_site_and_its_offices(
    operator, officer, session, home, sit_down
):
    colleague = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)
    address = f"/providers/sites/{home.id}/papers"
    operator.post(f"{address}/new", FORMS["papers"])
    row = operator.get(address).text.split(f"/admin{address}/")[-1].split('"')[0]
    sent = {"scan": (io.BytesIO(picture()), "paper.jpg")}

    assert operator.post(f"{address}/{row}/scan", sent).status_code == 303

    assert officer.get(f"{address}/{row}/scan").mimetype == "image/jpeg"
    assert colleague.get(f"{address}/{row}/scan").status_code == 404


def test_a_text_is_no_picture(operator, home):
    sent = {"photo": (io.BytesIO(b"no picture"), "yard.jpg")}

    response = operator.post(f"/providers/sites/{home.id}/photos", sent)

    assert response.status_code == 422


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_who_must_find_another_place_is_taken_along_with_a_reason(officer, session):
    [bed] = make_beds(session, 1)
    mother = make_resident(session, name="李秀英")
    admit(session, bed_id=bed.id, resident_id=mother.id, admitted_on=TODAY)
    address = f"/providers/sites/{bed.site_id}/opening/people/export"

    assert officer.post(address, {"kind": "csv"}).status_code == 422
    answer = officer.post(address, {"kind": "csv", "reason": "院舍关停安置"})

    headings, row, mark = rows_of(answer)
    assert headings == ["床位", "姓名", "状态"]
    assert row == [bed.label, "李**", "在住"]
    assert "院舍关停安置" in mark[0]
    noted = "SELECT resident_id, is_export, reason FROM opening"
    assert [tuple(one) for one in session.execute(text(noted))] == [
        (mother.id, True, "院舍关停安置")
    ]


def test_the_list_of_people_is_for_those_who_may_export_people(operator, sit_down, session, home):
    form = {"kind": "csv", "reason": "院舍关停安置"}
    address = f"/providers/sites/{home.id}/opening/people/export"
    assert operator.post(address, form).status_code == 403
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
    near = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    there = f"/providers/sites/{far.id}/opening/people/export"
    assert near.post(there, form).status_code == 404


def test_what_a_site_was_and_its_photos_are_files_too(officer, operator, home):
    form = {"becomes": "suspended", "starts_on": TODAY.isoformat(), "reason": "消防改造"}
    officer.post(f"/providers/sites/{home.id}/opening", form)
    operator.post(
        f"/providers/sites/{home.id}/photos",
        {"caption": "=院子", "photo": (io.BytesIO(picture()), "yard.jpg")},
    )

    [_headings, opened] = rows_of(officer.get(f"/providers/sites/{home.id}/opening/export.csv"))
    assert opened[1:] == [TODAY.isoformat(), "消防改造"]
    [_headings, photo] = rows_of(operator.get(f"/providers/sites/{home.id}/photos/export.csv"))
    assert photo[:2] == ["1", "'=院子"]
    assert "/api/v1/sites/photos/" in photo[2]
    assert operator.get(f"/providers/sites/{home.id}/photos/export.xlsx").status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"PK\x03\x04" + b"\0" * 100,
        b"\xff\xd8\xff\xe0<html>",
    ],
    ids=["svg", "html", "zip", "html behind a head"],
)
def test_what_only_calls_itself_a_picture_is_refused(operator, home, content):
    sent = {"photo": (io.BytesIO(content), "../../etc/院子.jpg", "image/jpeg")}
    response = operator.post(f"/providers/sites/{home.id}/photos", sent)

    assert response.status_code == 422
    assert "gallery__picture" not in response.text
