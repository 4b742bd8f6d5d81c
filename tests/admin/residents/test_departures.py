"""showDepartures, reportDeparture, reverseDeparture: the window reports, the county takes back."""

import pytest
from sqlalchemy import text

from server import clock
from server.identity.models import Role
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.admin.page_lint import read
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_hardship, make_resident

COUNTY = "140502"


@pytest.fixture
def mother(session):
    resident = make_resident(session, name="李秀英")
    make_hardship(session, resident)
    return resident


def at_a_desk(sit_down, role, mother):
    desk = sit_down(role, division_code=COUNTY)
    desk.post(f"/residents/{mother.id}/openings", {"reason": "家属到窗口报告"})
    return desk


@pytest.fixture
def worker(sit_down, mother):
    return at_a_desk(sit_down, Role.COMMUNITY_WORKER, mother)


@pytest.fixture
def county(sit_down, mother):
    return at_a_desk(sit_down, Role.COUNTY_OFFICER, mother)


def report(desk, mother, **changed):
    form = {"kind": "died", "happened_on": clock.today().isoformat()} | changed
    return desk.post(f"/residents/{mother.id}/departures", form)


def reversals(desk, mother):
    page = read(desk.get(f"/residents/{mother.id}/departures").text)
    return [
        form.attributes["action"].removeprefix("/admin")
        for form in page.find("form")
        if form.attributes.get("action", "").endswith("/reversal")
    ]


def test_a_death_ends_what_it_must_and_shows(worker, mother, session):
    assert report(worker, mother).status_code == 303

    page = worker.get(f"/residents/{mother.id}/departures").text
    assert "离世" in page
    assert "去世" in worker.get(f"/residents/{mother.id}").text
    ended = text("SELECT ends_on FROM hardship_period WHERE resident_id = :id")
    assert session.execute(ended, {"id": mother.id}).scalar_one() > clock.today()


def test_a_worker_reports_and_the_county_takes_back(worker, county, mother, session):
    report(worker, mother)
    assert reversals(worker, mother) == []
    (address,) = reversals(county, mother)

    assert worker.post(address, {"reason": "报错了"}).status_code == 403
    answer = county.post(address, {"reason": "同名同姓，报错了人"})

    assert answer.status_code == 200
    assert "报告已撤销" in answer.text
    assert "在册" in county.get(f"/residents/{mother.id}").text
    ended = text("SELECT ends_on FROM hardship_period WHERE resident_id = :id")
    assert session.execute(ended, {"id": mother.id}).scalar_one() is None


@pytest.mark.parametrize(
    "changed",
    [{"happened_on": "2999-01-01"}, {"happened_on": "1900-01-01"}, {"kind": "asleep"},
     {"happened_on": ""}, {"source": "elsewhere"}],
)  # fmt: skip
def test_what_cannot_be_is_refused(worker, mother, changed):
    answer = report(worker, mother, **changed)

    assert answer.status_code in {409, 422}
    assert "没有改动" in answer.text
    assert "在册" in worker.get(f"/residents/{mother.id}").text


def test_reporting_twice_is_as_good_as_once(worker, mother, session):
    for _ in range(2):
        assert report(worker, mother).status_code == 303

    count = session.execute(text("SELECT count(*) FROM departure")).scalar_one()
    assert count == 1


def test_bookings_after_the_day_are_given_back(worker, mother, session):
    sitting = make_sitting(session, make_canteen(session), in_days=3)
    booked = book_meal(
        session, sitting_id=sitting.id, resident_id=mother.id, booked_by=BookedBy.SELF
    )

    report(worker, mother)

    status = session.execute(
        text("SELECT status FROM booking WHERE id = :id"), {"id": booked.id}
    ).scalar_one()
    assert status == "cancelled"


def test_a_report_of_another_person_is_not_found_here(county, worker, mother, session):
    other = make_resident(session)
    report(worker, mother)
    (address,) = reversals(county, mother)
    county.post(f"/residents/{other.id}/openings", {"reason": "核对"})

    elsewhere = address.replace(f"/residents/{mother.id}/", f"/residents/{other.id}/")

    assert county.post(elsewhere, {"reason": "报错了"}).status_code == 404
