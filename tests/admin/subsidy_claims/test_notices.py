"""Notices on the console: published, printed, objected to, answered, withdrawn."""

import io
from datetime import timedelta

import pytest
import time_machine
from openpyxl import load_workbook

from server import clock
from server.identity.models import Role
from server.subsidies.models import RunStage
from server.subsidies.notices.listing import find_standing
from server.subsidies.notices.publishing import end_notice, publish_notice
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.claims import COUNTY
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run, move_run

LIST = "/subsidies/notices"
SAID = {"said": "此人已不在院", "contact": "13800000000", "line": "1"}


@pytest.fixture
def approved(session, run):
    return move_run(session, run, RunStage.APPROVED)


@pytest.fixture
def notice(session, approved):
    return publish_notice(session, approved.id)


@pytest.fixture
def there(notice):
    return f"{LIST}/{notice.id}"


def rows_of(answer):
    return list(load_workbook(io.BytesIO(answer.data)).active.values)


def test_an_approved_run_is_published_for_the_days_of_its_programme(
    session, city, approver, approved, stage_of
):
    there = f"/subsidies/approvals/{approved.id}"
    assert "发布公示" in city.get(there).text
    assert "发布公示" not in approver.get(there).text
    assert approver.post(f"{LIST}/of-run/{approved.id}").status_code == 403
    assert city.post(f"{LIST}/of-run/{approved.id}").status_code == 303

    assert stage_of(approved) is RunStage.IN_NOTICE
    assert "公示至2月16日" in city.get(there).text
    assert city.post(f"{LIST}/of-run/{approved.id}").status_code == 409
    assert find_standing(session, approved.id).days == 7


def test_notices_are_listed_by_their_last_day(city, notice):
    page = city.get(f"{LIST}?stands=true").text

    for words in ("公示中", "2026-02-10", "2026-02-16", "养老机构运营补贴"):
        assert words in page
    assert "2026-02-16" not in city.get(f"{LIST}?stands=false").text


def test_the_file_says_what_the_list_says(city, notice):
    rows = rows_of(city.get(f"{LIST}/export.xlsx"))

    assert [(row[0], row[6], row[7], row[10]) for row in rows[1:]] == [
        (notice.id, "公示中", 0, 900)
    ]


@pytest.mark.parametrize("asked", ["lucky=1", "stands=perhaps"])
def test_a_filter_that_is_not_one_is_refused(city, notice, asked):
    assert city.get(f"{LIST}?{asked}").status_code == 422


def test_a_county_reads_what_everybody_reads_of_people_whose_file_another_keeps(
    session, home, version, county
):
    elder = make_resident(session, name="王桂芳", village_code=OTHER_COUNTY_VILLAGE)
    line = {"resident_id": elder.id, "site_id": home.id}
    run = make_run(session, [line], version=version, division_code=COUNTY)
    notice = publish_notice(session, move_run(session, run, RunStage.APPROVED).id)
    page = county.get(f"{LIST}/{notice.id}").text

    assert "王**" in page
    other = OTHER_COUNTY_VILLAGE[:6]
    assert county.get(f"{LIST}/{notice.id}/paper.pdf?county={other}").status_code == 200


def test_its_page_shows_what_everybody_reads(city, notice, there):
    page = city.get(there).text

    for words in (f"/public/notices/{notice.code}", "李**", "城区", "鲁民〔2021〕21号", "900.00"):
        assert words in page
    assert "李秀英" not in page


def test_another_county_knows_nothing_of_a_countys_notice(session, sit_down, version):
    run = make_run(session, [{}], version=version, division_code="140502")
    notice = publish_notice(session, move_run(session, run, RunStage.APPROVED).id)
    other = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])

    assert other.get(f"{LIST}/{notice.id}").status_code == 404
    assert other.get(f"{LIST}/{notice.id}/paper.pdf").status_code == 404
    assert other.post(f"{LIST}/{notice.id}/objections", SAID).status_code == 404


def test_it_is_printed_whole_or_by_county(city, there):
    for address in (f"{there}/paper.pdf", f"{there}/paper.pdf?county=140502"):
        answer = city.get(address)
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
    assert city.get(f"{there}/paper.pdf?county=140521").status_code == 404
    assert city.get(f"{there}/paper.pdf?county=x").status_code == 422


def test_it_is_withdrawn_with_words_and_published_anew(city, approved, there, stage_of):
    assert city.post(f"{there}/withdrawal", {"words": ""}).status_code == 422
    assert city.post(f"{there}/withdrawal", {"words": "名单有误"}).status_code == 303

    assert stage_of(approved) is RunStage.APPROVED
    assert "名单有误" in city.get(there).text
    assert city.post(f"{there}/withdrawal", {"words": "名单有误"}).status_code == 409
    assert city.post(f"{LIST}/of-run/{approved.id}").status_code == 303


def test_an_objection_is_answered_and_holds_its_line_out(session, city, approved, there):
    assert city.post(f"{there}/objections", {"said": ""}).status_code == 422
    assert city.post(f"{there}/objections", SAID).status_code == 303
    page = city.get(there).text
    for words in ("此人已不在院", "13800000000", "答复期限"):
        assert words in page
    rows = rows_of(city.get(f"{there}/objections/export.xlsx"))
    assert [(row[1], row[2], row[3], row[6]) for row in rows[1:]] == [
        (1, "此人已不在院", "窗口", None)
    ]
    assert "13800000000" not in str(rows)

    answer = f"{there}/objections/{rows[1][0]}/answer"
    assert city.post(answer, {"answer": "经查属实"}).status_code == 422
    told = {"answer": "经查属实", "is_upheld": "true"}
    assert city.post(answer, told).status_code == 303
    assert city.post(answer, told).status_code == 409
    held = city.get(f"/subsidies/approvals/{approved.id}").text
    assert "异议成立" in held
    assert "经查属实" in held


def test_a_line_that_is_not_in_the_notice_is_no_ground(city, there):
    assert city.post(f"{there}/objections", SAID | {"line": "3"}).status_code == 422


def test_contacts_are_not_for_whoever_only_looks(city, approver, there):
    city.post(f"{there}/objections", SAID)
    page = approver.get(there).text

    assert "此人已不在院" in page
    assert "13800000000" not in page


def test_an_answer_to_an_objection_of_another_notice_is_refused(session, city, version, there):
    city.post(f"{there}/objections", SAID)
    rows = rows_of(city.get(f"{there}/objections/export.xlsx"))
    later = make_run(session, [{}], version=version, division_code="140521")
    other = publish_notice(session, move_run(session, later, RunStage.APPROVED).id)
    told = {"answer": "经查属实", "is_upheld": "true"}

    address = f"{LIST}/{other.id}/objections/{rows[1][0]}/answer"
    assert city.post(address, told).status_code == 404


def test_it_waits_for_answers_after_its_days(session, city, approved, notice, there, stage_of):
    city.post(f"{there}/objections", SAID)
    with time_machine.travel(clock.now() + timedelta(days=7)):
        # Sign-ins of a desk outlive a week only where somebody works at it.
        assert end_notice(session, notice.id) is False
        assert stage_of(approved) is RunStage.IN_NOTICE


def test_more_notices_need_no_more_statements(session, city, version, notice, statements):
    def sent():
        city.get(LIST)
        with statements() as told:
            city.get(LIST)
        return len(told)

    few = sent()
    for month in range(3):
        later = make_run(
            session,
            [{}],
            version=version,
            first_month=clock.today().replace(month=month + 4, day=1),
        )
        publish_notice(session, move_run(session, later, RunStage.APPROVED).id)

    assert sent() == few


def test_more_objections_need_no_more_statements(city, there, statements):
    def sent():
        city.get(there)
        with statements() as told:
            city.get(there)
        return len(told)

    city.post(f"{there}/objections", SAID)
    few = sent()
    for contact in ("13800000001", "13800000002", ""):
        city.post(f"{there}/objections", SAID | {"contact": contact})

    assert sent() == few
