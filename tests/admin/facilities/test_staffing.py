"""showStaffing, repeat, file, and the office's list of homes with too few caregivers."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.staffing.filing import OnDuty, file_week
from server.facilities.staffing.rules import A_WEEK, monday_of
from server.facilities.stays.admitting import admit
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

PAGE, OVERVIEW = "/facilities/staffing", "/facilities/staffing-overview"
THIS = monday_of(clock.today())


@pytest.fixture
def full(session, beds):
    """Four people of whom nobody is assessed: two by day, one by night."""
    for bed in beds:
        resident = make_resident(session)
        admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=clock.today())


def told(**changed):
    numbers = {"morning": "2", "afternoon": "2", "night": "1"}
    return {"week": THIS.isoformat()} | numbers | changed


def weeks(session):
    query = "SELECT starts_on, morning, afternoon, night FROM staffing_week ORDER BY 1"
    return [tuple(row) for row in session.execute(text(query))]


def file_last_week(session, home):
    with time_machine.travel(clock.now() - timedelta(days=7), tick=False):
        file_week(session, home.id, THIS - A_WEEK, OnDuty(2, 2, 1))


def test_the_page_says_who_is_needed_and_why(operator, full):
    page = operator.get(PAGE).text
    for said in ("本周在岗人数还没有填报", "其中 4 人未评估", "郑州市", "没有公开依据", "1.33"):
        assert said in page


def test_the_same_as_last_week_is_one_tap(session, operator, home, full):
    assert "与上周一样" not in operator.get(PAGE).text
    file_last_week(session, home)
    assert "与上周一样" in operator.get(PAGE).text
    for _ in range(2):
        form = {"week": THIS.isoformat()}
        assert operator.post(f"{PAGE}/{home.id}/as-before", form).status_code == 303
    assert weeks(session)[1:] == [(THIS, 2, 2, 1)]
    page = operator.get(PAGE).text
    assert "本周护理员够了" in page
    assert "下周与本周一样" in page


def test_too_few_are_said_by_shift(operator, home, full):
    operator.post(f"{PAGE}/{home.id}", told(morning="1", night="0"))
    page = operator.get(PAGE).text
    for said in ("本周护理员不足", "早班还缺 1 人", "夜班还缺 1 人"):
        assert said in page
    assert "中班还缺" not in page


def test_what_cannot_be_told_is_refused(session, operator, home, full):
    past = (THIS - A_WEEK).isoformat()
    wrong = (({"morning": "501"}, "早班"), ({"night": ""}, "夜班"), ({"week": past}, "日期要在"))
    for changed, said in wrong:
        answer = operator.post(f"{PAGE}/{home.id}", told(**changed))
        assert answer.status_code == 422
        assert said in answer.text
    assert operator.post(f"{PAGE}/{home.id}", told(cook="1")).status_code == 422
    form = {"week": THIS.isoformat()}
    assert operator.post(f"{PAGE}/{home.id}/as-before", form).status_code == 409
    assert weeks(session) == []


def test_another_home_is_not_there(session, operator, full):
    other = make_bed(session, site=make_site(session)).site_id
    assert operator.get(f"{PAGE}?site={other}").status_code == 404
    assert operator.post(f"{PAGE}/{other}", told()).status_code == 404
    form = {"week": THIS.isoformat()}
    assert operator.post(f"{PAGE}/{other}/as-before", form).status_code == 404


@pytest.fixture
def county_of_homes(session, home, full):
    """One with too few, one that told nothing, one that is empty, and one of another county."""
    file_week(session, home.id, THIS, OnDuty(0, 2, 1))
    silent, empty = (make_site(session, name=name) for name in ("乙院", "空院"))
    resident = make_resident(session)
    admit(
        session,
        bed_id=make_bed(session, site=silent).id,
        resident_id=resident.id,
        admitted_on=clock.today(),
    )
    make_bed(session, site=empty)
    make_bed(session, site=make_site(session, name="远院", division_code=OTHER_COUNTY_VILLAGE))


def test_the_office_sees_which_homes_have_too_few(officer, county_of_homes):
    page = officer.get(OVERVIEW).text
    for said in ("桑榆里养老院", "缺 2 人", "乙院", "本周未填报", "空院", "没有老人在住"):
        assert said in page
    assert "远院" not in page


def test_the_list_is_filtered_and_taken_along(officer, county_of_homes):
    page = officer.get(f"{OVERVIEW}?staffing=too_few").text
    assert "桑榆里养老院" in page
    assert "乙院" not in page
    exported = officer.get(f"{OVERVIEW}/export.csv?staffing=too_few").text
    heading, row = csv.reader(io.StringIO(exported.lstrip("\ufeff")))
    found = dict(zip(heading, row, strict=True))
    assert (found["早班应配"], found["早班在岗"], found["未评估"]) == ("2", "0", "4")


def test_an_operator_sees_no_list(operator):
    assert operator.get(OVERVIEW).status_code == 403
