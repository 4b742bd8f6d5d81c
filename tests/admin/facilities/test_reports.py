"""showReport, reportZero, report, and the office's overview of the day."""

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.returns.reports import Day, file_report
from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.returns import make_return

TODAY = clock.today()
PAGE, OVERVIEW = "/facilities/reports", "/facilities/reports-overview"


@pytest.fixture
def home(session):
    return make_site(session, name="甲院")


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def said(**changed):
    return {"day": TODAY.isoformat(), "occupants": "60"} | changed


def reports(session):
    query = "SELECT occupants, fever, hazards, is_zero FROM daily_report"
    return [tuple(row) for row in session.execute(text(query))]


def test_nothing_to_report_is_one_tap(session, operator, home):
    make_return(session, home)
    assert "零报告" in operator.get(PAGE).text
    for _ in range(2):
        assert operator.post(f"{PAGE}/{home.id}/zero").status_code == 303
    assert reports(session) == [(60, 0, "", True)]
    assert "今天的日报已报送" in operator.get(PAGE).text


def test_what_happened_is_filled_in_and_corrected(session, operator, home):
    operator.post(f"{PAGE}/{home.id}", said(fever="2", hazards="三楼灯坏"))
    operator.post(f"{PAGE}/{home.id}", said(fever="1", hazards="三楼灯坏"))
    assert reports(session) == [(60, 1, "三楼灯坏", False)]


def test_what_cannot_be_filed_is_said(session, operator, home):
    for changed, told in (({"fever": "61"}, "数字对不上"), ({"occupants": "x"}, "在院人数")):
        answer = operator.post(f"{PAGE}/{home.id}", said(**changed))
        assert answer.status_code == 422
        assert told in answer.text
    assert operator.post(f"{PAGE}/{home.id}/zero").status_code == 409
    assert reports(session) == []


def test_another_home_is_not_there(session, operator):
    other = make_site(session)
    assert operator.post(f"{PAGE}/{other.id}", said()).status_code == 404
    assert operator.post(f"{PAGE}/{other.id}/zero").status_code == 404


def test_the_office_sees_reports_and_who_is_silent(session, county, home):
    make_site(session, name="乙院")
    make_site(session, name="远院", division_code=OTHER_COUNTY_VILLAGE)
    file_report(session, home.id, TODAY, Day(60, fever=2, hazards="三楼灯坏"))
    page = county.get(OVERVIEW).text
    for told in ("甲院", "乙院", "三楼灯坏"):
        assert told in page
    assert "远院" not in page
    silent = county.get(f"{OVERVIEW}?missing=true").text
    assert "乙院" in silent
    assert "三楼灯坏" not in silent
    exported = county.get(f"{OVERVIEW}/export.csv?day={TODAY}").text
    assert "三楼灯坏" in exported


def test_an_operator_sees_no_overview(operator):
    assert operator.get(OVERVIEW).status_code == 403
