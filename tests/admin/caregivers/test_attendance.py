"""Days at work of a month: typed on one screen, taken in from a sheet, closed after a day."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlmodel import select

from server import clock
from server.caregivers.models import AttendanceMonth
from server.caregivers.rules import month_of
from server.identity.models import Role
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site

THIS_MONTH = month_of(clock.today())
LONG_CLOSED = date(2025, 3, 1)


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def desk(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def staff(session, home):
    people = [make_caregiver(session, home, name=name) for name in ("孙一兰", "赵二娥")]
    for one in people:
        make_employment(session, one)
    return people


def days_of(session, month):
    session.expire_all()
    rows = session.exec(select(AttendanceMonth).where(AttendanceMonth.month == month))
    return {row.caregiver_id: (row.days, row.source.value) for row in rows}


def test_everybody_of_a_site_stands_on_one_screen(desk, home, staff):
    shown = desk.get("/caregivers/attendance").text

    assert "孙一兰" in shown
    assert "赵二娥" in shown
    assert (month_of(THIS_MONTH - timedelta(days=1))).strftime("%Y-%m") in shown


def test_days_are_typed_and_corrected(session, desk, home, staff):
    one, other = staff
    form = {"site": home.id, "month": f"{LONG_CLOSED:%Y-%m}", "reason": "补录",
            f"days-{one.id}": "21", f"days-{other.id}": "3"}  # fmt: skip
    assert desk.post("/caregivers/attendance", form).status_code == 303
    assert desk.post("/caregivers/attendance", form | {f"days-{one.id}": "22"}).status_code == 303

    assert days_of(session, LONG_CLOSED) == {one.id: (22, "filed"), other.id: (3, "filed")}


def test_a_closed_month_needs_a_reason(session, desk, home, staff):
    form = {"site": home.id, "month": f"{LONG_CLOSED:%Y-%m}", f"days-{staff[0].id}": "21"}

    answer = desk.post("/caregivers/attendance", form)

    assert answer.status_code == 409
    assert "关账" in answer.text
    assert days_of(session, LONG_CLOSED) == {}


@pytest.mark.parametrize("days", ["32", "-1", "x"])
def test_impossible_days_are_refused(desk, home, staff, days):
    form = {"site": home.id, "month": f"{LONG_CLOSED:%Y-%m}", "reason": "补录",
            f"days-{staff[0].id}": days}  # fmt: skip
    assert desk.post("/caregivers/attendance", form).status_code == 422


def test_of_others_nothing_is_told(session, desk, staff):
    elsewhere = make_site(session)
    assert desk.get(f"/caregivers/attendance?site={elsewhere.id}").status_code == 404


def test_a_sheet_is_taken_in_or_nothing_of_it(session, desk, home, staff):
    def send(text):
        form = {"site": home.id, "month": f"{LONG_CLOSED:%Y-%m}", "reason": "补录",
                "list": (BytesIO(text.encode()), "sheet.csv")}  # fmt: skip
        return desk.post("/caregivers/attendance/lists", form)

    wrong = send("姓名,出勤天数\n孙一兰,20\n李四,22\n赵二娥,40\n")
    assert wrong.status_code == 409
    assert "当月在职人员中没有此姓名和号码的人" in wrong.text
    assert days_of(session, LONG_CLOSED) == {}

    assert send("姓名,出勤天数\n孙一兰,20天\n赵二娥,22\n").status_code == 303
    assert days_of(session, LONG_CLOSED) == {
        staff[0].id: (20, "imported"),
        staff[1].id: (22, "imported"),
    }


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_sheet_is_taken_out(desk, home, staff, ending):
    answer = desk.get(f"/caregivers/attendance/export.{ending}?site={home.id}")
    assert answer.status_code == 200


def test_an_unknown_filter_is_refused(desk):
    assert desk.get("/caregivers/attendance?colour=red").status_code == 422


def test_a_larger_staff_takes_no_more_statements(session, desk, home, staff, statements):
    with statements() as few:
        desk.get("/caregivers/attendance")
    for _ in range(10):
        make_employment(session, make_caregiver(session, home))
    with statements() as many:
        desk.get("/caregivers/attendance")

    assert len(many) == len(few)
