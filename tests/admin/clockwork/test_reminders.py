"""Who was reminded of what, how it stands, and what comes."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from server import clock
from server.caregivers.reminders.models import ReminderKind
from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.caregivers import make_caregiver, make_certificate, make_employment
from tests.factories.meals import make_site
from tests.factories.reminders import make_reminder

SEES = {
    Role.FACILITY_OPERATOR, Role.HOME_CARE_PROVIDER, Role.COUNTY_OFFICER, Role.CITY_OFFICER,
    Role.AUDITOR,
}  # fmt: skip


class TestSent(OpensFor):
    roles = SEES

    @pytest.fixture
    def address(self):
        return "/caregivers/reminders"


class TestComing(OpensFor):
    roles = SEES

    @pytest.fixture
    def address(self):
        return "/caregivers/reminders/coming"


@pytest.fixture
def home(session):
    return make_site(session, name="颐和养老院")


@pytest.fixture
def caregiver(session, home):
    caregiver = make_caregiver(session, home, name="卫春兰")
    make_employment(session, caregiver)
    return caregiver


@pytest.fixture
def certificate(session, caregiver):
    return make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=30))


@pytest.fixture
def sent(session, caregiver, certificate):
    return make_reminder(session, caregiver, about=certificate.id)


def test_an_operator_sees_whom_of_the_home_was_reminded(sit_down, sent, home):
    page = sit_down(Role.FACILITY_OPERATOR, site_id=home.id).get("/caregivers/reminders").text
    assert "卫春兰" in page
    assert "技能证书到期" in page
    assert "未办" in page


@pytest.mark.parametrize("where", ["", "/coming"])
@pytest.mark.parametrize(
    ("role", "reads"),
    [(Role.COUNTY_OFFICER, "卫春兰"), (Role.CITY_OFFICER, "卫春兰"), (Role.AUDITOR, "卫**")],
)
def test_who_only_looks_reads_masked_names(sit_down, session, sent, caregiver, where, role, reads):
    make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=45))
    scope = {"division_code": "140502"} if role is Role.COUNTY_OFFICER else {}
    desk = sit_down(role, **scope)
    for page in ("", "/export.csv"):
        answer = desk.get(f"/caregivers/reminders{where}{page}").text
        assert reads in answer
        assert ("卫春兰" in answer) is (reads == "卫春兰")


def test_what_is_put_right_shows_as_done_at_once(sit_down, session, sent, caregiver, home):
    make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=900))
    operator = sit_down(Role.FACILITY_OPERATOR, site_id=home.id)
    assert "卫春兰" in operator.get("/caregivers/reminders?state=done").text
    assert "卫春兰" not in operator.get("/caregivers/reminders?state=open").text


def test_another_county_and_another_home_see_nothing_of_it(sit_down, session, sent):
    other = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
    for desk in (
        sit_down(Role.FACILITY_OPERATOR, site_id=other.id),
        sit_down(Role.COUNTY_OFFICER, division_code="140521"),
    ):
        assert "卫春兰" not in desk.get("/caregivers/reminders").text


def test_what_comes_is_told_by_the_rules_that_send_it(sit_down, session, caregiver, home):
    make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=45))
    page = sit_down(Role.FACILITY_OPERATOR, site_id=home.id).get("/caregivers/reminders/coming")
    assert "卫春兰" in page.text


@pytest.mark.parametrize("where", ["", "/coming"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_both_leave_as_files(sit_down, session, sent, caregiver, home, where, ending):
    make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=45))
    operator = sit_down(Role.FACILITY_OPERATOR, site_id=home.id)
    answer = operator.get(f"/caregivers/reminders{where}/export.{ending}")
    assert answer.status_code == 200
    if ending == "csv":
        assert "卫春兰" in answer.text


@pytest.mark.parametrize("where", ["", "/coming"])
def test_an_unknown_filter_is_refused(sit_down, where):
    desk = sit_down(Role.CITY_OFFICER)
    assert desk.get(f"/caregivers/reminders{where}?colour=red").status_code == 422
    assert desk.get(f"/caregivers/reminders{where}?kind=birthday").status_code == 422


def test_filters_and_pages(sit_down, session, sent, caregiver):
    make_reminder(session, caregiver, kind=ReminderKind.CONTRACT, subject="contract:1:x", in_days=7)
    desk = sit_down(Role.CITY_OFFICER)
    assert "劳动合同到期</td>" in desk.get("/caregivers/reminders?kind=contract").text
    first = desk.get("/caregivers/reminders?limit=1").text
    assert "下一页" in first


@pytest.mark.parametrize("where", ["", "/coming"])
def test_many_rows_take_no_more_queries_than_one(sit_down, session, sent, home, where, engine):
    desk = sit_down(Role.CITY_OFFICER)

    def asked():
        session.commit()
        counted = []
        listener = lambda *given: counted.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        desk.get(f"/caregivers/reminders{where}")
        event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    asked()
    before = asked()
    for number in range(5):
        other = make_caregiver(session, home)
        make_employment(session, other)
        make_certificate(session, other, valid_until=clock.today() + timedelta(days=45))
        make_reminder(session, other, about=1000 + number, kind=ReminderKind.CONTRACT)
    assert asked() == before
