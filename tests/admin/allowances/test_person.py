"""One caregiver: months and instalments with every reason, as of now or as it was known."""

from datetime import timedelta

import time_machine
from sqlalchemy import text

from server.identity.models import Role
from tests.factories.allowances import IN_JULY, reckoned
from tests.factories.caregivers import make_certificate
from tests.factories.meals import make_site


def address(caregiver):
    return f"/caregivers/allowances/people/{caregiver.id}"


def test_every_month_and_instalment_with_reasons_and_clauses(county, everybody):
    page = county.get(address(everybody[0]))

    assert "第 2 期" in page.text
    assert "2026-03" in page.text
    assert "晋民发〔2023〕30号，发放方式" in page.text
    assert "三级（高级工），标准 500.00 元" in page.text
    assert "没有公开文件依据的参考值" in page.text


def test_what_speaks_against_comes_with_what_to_do(county, everybody):
    page = county.get(address(everybody[1]))

    assert "当月出勤还没有上报，要 20 天" in page.text
    assert "请单位上报当月出勤。" in page.text


def test_it_can_be_read_as_it_was_known_on_an_evening(session, sit_down, complete):
    reckoned(session, complete)
    with time_machine.travel(IN_JULY + timedelta(days=2)):
        make_certificate(session, complete, level=1)
        reckoned(session, complete)
        county = sit_down(Role.COUNTY_OFFICER)
        now = county.get(address(complete)).text
        then = county.get(f"{address(complete)}?known_on=2026-07-11").text

    assert "1,200.00" in now
    assert "1,200.00" not in then
    assert "500.00" in then


def test_in_english_too(county, everybody):
    county.language = "en"

    assert "level 3: 500.00 yuan" in county.get(address(everybody[0])).text


def test_an_operator_hands_in_a_claim_from_here(operator, everybody):
    page = operator.get(address(everybody[0]))
    assert "可以申领：岗位津贴" in page.text
    assert "技能证书扫描件或核验记录" not in page.text

    answer = operator.post(f"{address(everybody[0])}/claims", {"programme": "post_allowance"})

    assert answer.status_code == 303
    assert "3,000.00" in operator.get(answer.location.removeprefix("/admin")).text


def test_papers_that_a_claim_would_miss_are_told(session, operator, everybody):
    session.execute(text("UPDATE skill_certificate SET verified_on = NULL"))

    assert "技能证书扫描件或核验记录" in operator.get(address(everybody[0])).text


def test_outside_the_window_it_says_when_the_next_one_is(sit_down, home, everybody):
    with time_machine.travel(IN_JULY + timedelta(days=40)):
        operator = sit_down(Role.FACILITY_OPERATOR, site_id=home.id)
        assert "2027年1月1日" in operator.get(address(everybody[0])).text
        answer = operator.post(f"{address(everybody[0])}/claims", {"programme": "post_allowance"})

    assert answer.status_code == 409
    assert "下一次从 2027-01-01 开始受理" in answer.text


def test_an_unknown_programme_is_told(operator, everybody):
    answer = operator.post(f"{address(everybody[0])}/claims", {"programme": "lottery"})

    assert answer.status_code == 422


def test_another_home_finds_nobody(session, sit_down, everybody):
    other = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)

    assert other.get(address(everybody[0])).status_code == 404


def test_a_former_home_reads_what_was_and_claims_nothing(session, operator, complete):
    complete.keeper_site_id = make_site(session).id
    session.flush()

    assert "可以申领" not in operator.get(address(complete)).text
    answer = operator.post(f"{address(complete)}/claims", {"programme": "post_allowance"})
    assert answer.status_code == 404
