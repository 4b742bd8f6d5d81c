"""punch"""

from server import clock
from server.caregivers.models import AttendanceMonth, AttendanceSource
from server.caregivers.rules import month_of
from tests.mobile_api.refusals import refusal

ADDRESS = "/v1/caregiver/punches"


def test_a_day_counts_once_however_often_it_is_said(phone, linked):
    first = phone.post(ADDRESS)
    again = phone.post(ADDRESS)

    assert first.status_code == again.status_code == 200
    assert first.json["days"] == again.json["days"] == 1
    assert first.json["source"] == "punched"
    assert first.json["today"]["arrived_at"] == again.json["today"]["arrived_at"]


def test_leaving_is_the_last_time_it_is_said(phone, linked):
    phone.post(ADDRESS)

    answer = phone.post(ADDRESS, {"is_leaving": True})

    assert answer.json["today"]["left_at"] is not None


def test_nobody_leaves_who_has_not_come(phone, linked):
    assert refusal(phone.post(ADDRESS, {"is_leaving": True})) == (409, "not-arrived")


def test_what_the_site_told_stays_as_told(session, phone, linked):
    month = month_of(clock.today())
    session.add(
        AttendanceMonth(
            caregiver_id=linked.id, site_id=linked.keeper_site_id, month=month, days=1,
            source=AttendanceSource.FILED, filed_at=clock.now(),
        )
    )  # fmt: skip

    answer = phone.post(ADDRESS)

    assert (answer.json["days"], answer.json["source"]) == (1, "filed")


def test_whoever_has_left_does_not_punch(session, phone, linked, employment):
    employment.ends_on, employment.leaving_reason = clock.today(), "resigned"

    assert refusal(phone.post(ADDRESS)) == (409, "not-at-work-here")


def test_without_a_file_there_is_nothing_to_punch(phone):
    assert refusal(phone.post(ADDRESS)) == (404, "not-found")
