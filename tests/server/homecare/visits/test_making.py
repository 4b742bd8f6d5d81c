"""Visits are made ahead from plans."""

from datetime import date, time, timedelta

from sqlalchemy import text

from server import clock
from server.homecare.visits.cancelling import cancel_visit
from server.homecare.visits.making import DAYS_AHEAD, list_unplaced, make_visits
from server.homecare.visits.models import HomeMonthClose
from tests.factories.homecare import make_home_bed, make_plan, make_visit, make_worker
from tests.factories.people import make_resident

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def visits(session):
    query = text("SELECT planned_on, worker_id, state FROM care_visit ORDER BY starts_at, id")
    return session.execute(query).all()


def test_two_weeks_are_made_from_tomorrow_on_and_once(session, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY)

    assert (make_visits(session), make_visits(session)) == (DAYS_AHEAD, 0)
    days = [row.planned_on for row in visits(session)]
    tomorrow = clock.today() + timedelta(days=1)
    assert (days[0], days[-1]) == (tomorrow, tomorrow + timedelta(days=DAYS_AHEAD - 1))


def test_only_the_weekdays_of_the_plan_are_made(session, bed, worker):
    make_plan(session, bed, worker, weekdays=[1, 4])

    assert make_visits(session) == 4
    assert {row.planned_on.isoweekday() for row in visits(session)} == {1, 4}


def test_an_hour_is_the_citys(session, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY, starts=time(9, 30))
    make_visits(session)

    query = text("SELECT starts_at AT TIME ZONE 'Asia/Shanghai' AS t FROM care_visit LIMIT 1")
    assert session.execute(query).scalar_one().time() == time(9, 30)


def test_a_plan_nobody_agreed_to_makes_none(session, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY, state="drafted")

    assert make_visits(session) == 0


def test_a_bed_that_is_paused_makes_none(session, site, worker):
    paused = make_home_bed(
        session, make_resident(session), site, state="paused", pause_reason="away"
    )
    make_plan(session, paused, worker, weekdays=EVERY_DAY)

    assert make_visits(session) == 0


def test_a_cancelled_visit_does_not_come_back(session, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY)
    make_visits(session)
    first = session.execute(text("SELECT min(id) FROM care_visit")).scalar_one()
    cancel_visit(session, first, reason="家属来访")

    assert make_visits(session) == 0


def test_a_plan_that_does_not_fit_stops_no_other_and_is_told(session, site, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY)
    other = make_home_bed(session, make_resident(session, name="王桂兰"), site)
    at_the_same_time = make_plan(session, other, worker, weekdays=EVERY_DAY)
    third = make_home_bed(session, make_resident(session), site)
    make_plan(session, third, make_worker(session, bed), weekdays=EVERY_DAY)

    assert make_visits(session) == 2 * DAYS_AHEAD
    left = list_unplaced(session, [site.id])
    assert len(left) == DAYS_AHEAD
    assert {(row.home_bed_id, row.works_there) for row in left} == {(other.id, True)}
    assert at_the_same_time.id


def test_somebody_who_left_is_sent_nowhere_and_that_is_told(session, site, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY)
    ended = text("UPDATE staff_role SET ends_on = :today WHERE staff_id = :id")
    session.execute(ended, {"today": clock.today(), "id": worker.id})

    assert make_visits(session) == 0
    assert {row.works_there for row in list_unplaced(session, [site.id])} == {False}


def test_a_closed_month_gets_none(session, site, bed, worker):
    make_plan(session, bed, worker, weekdays=EVERY_DAY)
    tomorrow = clock.today() + timedelta(days=1)
    month = tomorrow.replace(day=1)
    session.add(HomeMonthClose(site_id=site.id, month=month, closed_at=clock.now()))
    session.flush()
    next_month = (month + timedelta(days=32)).replace(day=1)
    expected = max(0, (tomorrow + timedelta(days=DAYS_AHEAD) - next_month) // timedelta(days=1))

    assert make_visits(session) == expected


def test_a_visit_made_by_hand_is_in_the_way_and_stays(session, bed, worker, colleague):
    tomorrow = clock.today() + timedelta(days=1)
    make_visit(session, bed, colleague, on=tomorrow, at=time(9))
    make_plan(session, bed, worker, weekdays=EVERY_DAY, starts=time(9))

    assert make_visits(session) == DAYS_AHEAD - 1
    assert isinstance(visits(session)[1].planned_on, date)
