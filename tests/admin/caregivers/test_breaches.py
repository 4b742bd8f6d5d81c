"""Accidents and breaches of ethics on the console: the county's own form, in the file."""

from datetime import date

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.factories.allowances import MONTHS, make_complete, reckoned
from tests.factories.caregivers import make_employment
from tests.factories.meals import make_site

PAPER = "晋城民〔2026〕3号处理决定"
SAID = {
    "kind": "ethics",
    "happened_on": "2026-03-03",
    "document": PAPER,
    "reason": "虐待老人，已查实",
}


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def worker(session, home):
    return make_complete(session, home, name="孙一兰")


@pytest.fixture
def officers(sit_down):
    return [sit_down(Role.COUNTY_OFFICER, division_code="140502") for _ in range(2)]


def breaches(worker):
    return f"/caregivers/{worker.id}/breaches"


def lifting(session, worker):
    number = session.execute(text("SELECT max(id) FROM caregiver_breach")).scalar_one()
    return f"{breaches(worker)}/{number}/lifting"


def test_it_is_entered_and_the_allowance_names_it(session, officers, worker):
    one, other = officers
    assert one.post(breaches(worker), SAID).status_code == 303
    shown = one.get(f"/caregivers/{worker.id}").text
    for words in ("违反职业道德", PAPER, "未解除，不发岗位津贴", "由另一位工作人员解除"):
        assert words in shown
    assert lifting(session, worker) not in shown
    assert lifting(session, worker) in other.get(f"/caregivers/{worker.id}").text

    reckoned(session, worker, [date(2026, 3, 1)])
    reasons = one.get(f"/caregivers/allowances/people/{worker.id}").text
    assert f"有违反职业道德（{PAPER}），还没有解除" in reasons


def test_another_officer_takes_it_back_for_a_reason(session, officers, worker):
    one, other = officers
    one.post(breaches(worker), SAID)
    at = lifting(session, worker)
    form = {"cleared_on": "2026-03-03", "reason": "登记错人"}

    own = one.post(at, form)
    assert own.status_code == 409
    assert "登记人不能自己解除" in own.text
    assert other.post(at, form | {"reason": ""}).status_code == 422
    assert other.post(at, form).status_code == 303

    assert "已撤回，从未计入" in other.get(f"/caregivers/{worker.id}").text
    reckoned(session, worker, MONTHS)
    assert PAPER not in one.get(f"/caregivers/allowances/people/{worker.id}").text
    told = text("SELECT reason FROM act WHERE action LIKE 'caregiver_breaches.%' ORDER BY id")
    assert {"虐待老人，已查实", "登记错人"} <= set(session.execute(told).scalars())


@pytest.mark.parametrize(
    "role", [Role.FACILITY_OPERATOR, Role.CITY_OFFICER, Role.AUDITOR, Role.APPROVER]
)
def test_nobody_else_enters_one(sit_down, home, worker, role):
    where = {"site_id": home.id} if role is Role.FACILITY_OPERATOR else {}
    desk = sit_down(role, **where)

    assert desk.post(breaches(worker), SAID).status_code == 403
    if role in (Role.FACILITY_OPERATOR, Role.CITY_OFFICER):
        assert "登记一条" not in desk.get(f"/caregivers/{worker.id}").text


def test_a_second_employer_sees_stars_in_place_of_the_document(session, sit_down, officers, worker):
    second = make_site(session, name="松柏养老院")
    make_employment(session, worker, second, starts_on=date(2026, 1, 1), is_full_time=False)
    officers[0].post(breaches(worker), SAID)

    shown = sit_down(Role.FACILITY_OPERATOR, site_id=second.id).get(f"/caregivers/{worker.id}").text

    assert "违反职业道德" in shown
    assert PAPER not in shown


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "theft"), ("happened_on", ""), ("document", ""), ("reason", "")]
)
def test_an_incomplete_one_is_refused(officers, worker, field, value):
    assert officers[0].post(breaches(worker), SAID | {field: value}).status_code == 422
