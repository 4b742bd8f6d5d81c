"""Who is sent where."""

from datetime import datetime, time

from sqlalchemy import text

from server import clock
from tests.admin.homecare.conftest import TOMORROW
from tests.factories.homecare import make_visit

ADDRESS = f"/care/roster?day={TOMORROW}"


def row_of(session, visit):
    session.commit()
    query = text("SELECT worker_id, starts_at, state, cancel_reason FROM care_visit WHERE id = :id")
    return session.execute(query, {"id": visit.id}).one()


def test_a_week_shows_every_worker_and_whom_she_visits(manager, visit, colleague):
    page = manager.get(ADDRESS)

    assert page.status_code == 200
    assert all(name in page.text for name in ("段暖", "白露", "李秀英"))


def test_a_month_counts(manager, visit):
    page = manager.get(f"{ADDRESS}&span=month")

    assert "段暖" in page.text
    assert "李秀英" not in page.text


def test_another_provider_sees_none_of_it(other_manager, visit):
    page = other_manager.get(ADDRESS)

    assert "李秀英" not in page.text
    assert other_manager.get(f"/care/visits/{visit.id}").status_code == 404


def test_the_county_looks_and_moves_nothing(county, visit, colleague):
    assert "李秀英" in county.get(ADDRESS).text
    form = {"worker": colleague.id, "starts_at": f"{TOMORROW}T15:00"}
    assert county.post(f"/care/visits/{visit.id}/move", form).status_code == 403


def test_it_is_taken_out_as_a_file(manager, visit):
    answer = manager.get(f"/care/roster/export.csv?day={TOMORROW}")

    assert "李秀英" in answer.text
    assert "待上门" in answer.text


def test_a_visit_is_moved(manager, session, visit, colleague):
    form = {"worker": colleague.id, "starts_at": f"{TOMORROW}T15:00"}

    assert manager.post(f"/care/visits/{visit.id}/move", form).status_code == 303
    row = row_of(session, visit)
    assert row.worker_id == colleague.id
    assert row.starts_at == datetime.combine(TOMORROW, time(15), clock.CITY)


def test_a_clash_is_said_and_nothing_moves(manager, session, visit, colleague, settle_in):
    make_visit(session, settle_in("王桂兰"), colleague, on=TOMORROW, at=time(15))
    form = {"worker": colleague.id, "starts_at": f"{TOMORROW}T15:30"}

    answer = manager.post(f"/care/visits/{visit.id}/move", form)

    assert answer.status_code == 409
    assert "这位护理员在那个时间已有上门。" in answer.text
    assert row_of(session, visit).worker_id != colleague.id


def test_two_are_exchanged(manager, session, visit, worker, colleague, settle_in):
    other = make_visit(session, settle_in("王桂兰"), colleague, on=TOMORROW)

    manager.post(f"/care/visits/{visit.id}/swap", {"other_visit": other.id})

    assert row_of(session, visit).worker_id == colleague.id
    assert row_of(session, other).worker_id == worker.id


def test_a_visit_is_called_off_for_a_reason(manager, session, visit):
    address = f"/care/visits/{visit.id}/cancellation"
    assert manager.post(address).status_code == 422

    assert manager.post(address, {"cancel_reason": "老人住院"}).status_code == 303
    assert row_of(session, visit)[2:] == ("cancelled", "老人住院")


def test_somebody_is_ill_and_a_colleague_takes_over(manager, session, visit, worker, colleague):
    form = {"worker": worker.id, "first_day": str(TOMORROW), "last_day": str(TOMORROW)}

    page = manager.post("/care/roster/absences", form)

    assert "已改派 1 次，有 0 次无人能接。" in page.text
    assert row_of(session, visit).worker_id == colleague.id


def test_a_visit_leads_back_to_its_week(manager, visit):
    page = manager.get(f"/care/visits/{visit.id}").text

    assert f"/care/roster?day={visit.service_on}" in page
