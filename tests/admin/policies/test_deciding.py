"""A pack is proposed from the console, brought as files, and decided by somebody else."""

import io
import re
import zipfile
from datetime import date

import pytest

from server.identity.models import Role
from server.policies.programmes.models import PackState, PolicyPack
from server.policies.programmes.queries import get_version, list_packs, programmes_in_force
from server.policies.service import PACKS
from tests.admin.policies.conftest import enter
from tests.factories.subsidies import make_run

DAY = {"starts_on": "2026-01-01"}


def proposed(city, name="liaoning-shenyang", **day):
    answer = city.post(f"/policies/shipped/{name}/proposals", DAY | day)
    assert answer.status_code == 303
    return int(re.search(r"/packs/(\d+)", answer.headers["Location"])[1])


def texts_of(name):
    return {
        path.name: path.read_text() for path in sorted((PACKS / name / "programmes").glob("*.yaml"))
    }


def bring(city, texts, **form):
    files = [(io.BytesIO(text.encode()), name) for name, text in texts.items()]
    return city.post("/policies/uploads", DAY | form | {"files": files})


def test_one_proposes_and_another_puts_into_force(session, city, approver):
    pack_id = proposed(city)

    page = approver.get(f"/policies/packs/{pack_id}")
    assert "待审定" in page.text
    answer = approver.post(f"/policies/packs/{pack_id}/activation")

    assert answer.status_code == 303
    assert session.get(PolicyPack, pack_id).state is PackState.ACTIVE
    assert set(programmes_in_force(session, on=date(2026, 2, 1))) == {"voucher"}
    assert "已启用" in approver.get(f"/policies/packs/{pack_id}").text


def test_a_pack_shows_what_it_would_change(session, city, approver):
    enter(session)
    answer = city.post("/policies/shipped/shanxi-jincheng/proposals", {"starts_on": "2026-07-01"})
    page = approver.get(answer.headers["Location"].removeprefix("/admin")).text

    assert "项有变化" in page
    assert "此前" in page
    assert "8,000.00 元" in page
    assert "5,000.00 元" in page


def test_it_is_sent_back_with_words(session, city, approver):
    pack_id = proposed(city)

    assert approver.post(f"/policies/packs/{pack_id}/refusal").status_code == 422
    answer = approver.post(f"/policies/packs/{pack_id}/refusal", {"words": "请附本市文件"})

    assert answer.status_code == 303
    assert "请附本市文件" in city.get("/policies").text


def test_it_is_taken_back_by_whoever_proposed_it(session, city):
    pack_id = proposed(city)

    assert city.post(f"/policies/packs/{pack_id}/withdrawal").status_code == 303
    assert session.get(PolicyPack, pack_id).state is PackState.WITHDRAWN
    again = city.post(f"/policies/packs/{pack_id}/withdrawal")
    assert again.status_code == 409
    assert "已经处理过" in again.text


def test_another_officer_takes_nothing_back(sit_down, city):
    pack_id = proposed(city)
    other = sit_down(Role.CITY_OFFICER)

    assert other.post(f"/policies/packs/{pack_id}/withdrawal").status_code == 403


def test_offices_keep_to_what_is_theirs(city, approver, sit_down):
    pack_id = proposed(city)

    assert city.post(f"/policies/packs/{pack_id}/activation").status_code == 403
    assert approver.post("/policies/shipped/reference/proposals", DAY).status_code == 403
    auditor = sit_down(Role.AUDITOR)
    assert auditor.post(f"/policies/packs/{pack_id}/activation").status_code == 403
    assert "退回" not in auditor.get(f"/policies/packs/{pack_id}").text


def test_a_refusal_of_the_rules_is_said_on_the_page(session, city, approver):
    enter(session, starts_on=date(2026, 3, 1))
    pack_id = proposed(city, "reference")
    answer = approver.post(f"/policies/packs/{pack_id}/activation")

    assert answer.status_code == 409
    assert "已有从 2026" in answer.text


def test_months_that_were_reckoned_are_named_and_agreed_to(session, city, approver):
    enter(session)
    version = get_version(session, "facility_operation", on=date(2026, 3, 1))
    make_run(session, [], version=version, first_month=date(2026, 3, 1), months=2)
    pack_id = proposed(city, "shanxi-jincheng", starts_on="2026-04-01")

    page = approver.get(f"/policies/packs/{pack_id}").text
    assert "2026-04 至 2026-04，1 次核算" in page
    assert 'name="reopens"' in page
    assert approver.post(f"/policies/packs/{pack_id}/activation").status_code == 409
    answer = approver.post(f"/policies/packs/{pack_id}/activation", {"reopens": "true"})

    assert answer.status_code == 303
    assert "审定人已确认" in approver.get(f"/policies/packs/{pack_id}").text


def test_nothing_is_asked_where_no_month_was_reckoned(session, city, approver):
    enter(session)
    pack_id = proposed(city, "shanxi-jincheng", starts_on="2026-04-01")

    assert 'name="reopens"' not in approver.get(f"/policies/packs/{pack_id}").text


def test_the_citys_own_files_are_brought(session, city):
    answer = bring(city, texts_of("guizhou-guiyang"))

    assert answer.status_code == 303
    assert [one.name for one in list_packs(session)] == ["guizhou-guiyang"]


def test_a_zip_of_them_as_well(session, city):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in texts_of("guizhou-guiyang").items():
            archive.writestr(f"guiyang/{name}", text)
    content.seek(0)

    answer = city.post("/policies/uploads", DAY | {"files": [(content, "guiyang.zip")]})
    assert answer.status_code == 303


def test_what_is_wrong_in_them_is_shown_with_file_and_line(session, city):
    texts = texts_of("guizhou-guiyang")
    texts["voucher.yaml"] = texts["voucher.yaml"].replace("percent: 40", "percent: 040")
    answer = bring(city, texts)

    assert answer.status_code == 422
    assert "voucher.yaml" in answer.text
    assert "“040”要写成普通整数" in answer.text
    assert list_packs(session) == []


def test_examples_that_do_not_come_out_are_shown(session, city):
    texts = texts_of("guizhou-guiyang")
    texts["voucher.yaml"] = texts["voucher.yaml"].replace("gets: 80000", "gets: 1")
    answer = bring(city, texts)

    assert answer.status_code == 409
    assert "不同" in answer.text
    assert list_packs(session) == []


@pytest.mark.parametrize("form", [{}, {"starts_on": "never"}])
def test_a_day_is_asked_for(city, form):
    assert city.post("/policies/shipped/reference/proposals", form).status_code == 422
    assert city.post("/policies/uploads", form).status_code == 422


def test_no_files_are_no_pack(city):
    assert "没有读到政策包" in city.post("/policies/uploads", DAY).text
