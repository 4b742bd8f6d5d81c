"""Visits are moved, exchanged and taken over."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from server import clock
from server.homecare.visits.cancelling import cancel_visit, cancel_visits_of_bed
from server.homecare.visits.errors import (
    ElderHasAVisit,
    MonthIsClosed,
    NotAWorkerHere,
    VisitNotSo,
    WorkerIsElsewhere,
)
from server.homecare.visits.missing import miss_visits
from server.homecare.visits.models import HomeMonthClose
from server.homecare.visits.queries import share_of_most_frequent
from server.homecare.visits.roster import (
    list_workers,
    move_visit,
    reassign,
    swap_visits,
    tight_ways,
)
from server.identity.models import Role
from server.providers.queries import within
from tests.factories.homecare import (
    HERE,
    make_home_bed,
    make_provider,
    make_visit,
    make_worker,
)
from tests.factories.people import make_resident, make_staff

TOMORROW = clock.today() + timedelta(days=1)


def at(hour, day=TOMORROW):
    return datetime.combine(day, time(hour), clock.CITY)


def worker_of(session, visit):
    session.refresh(visit)
    return visit.worker_id


@pytest.fixture
def neighbour(session, site):
    return make_home_bed(session, make_resident(session), site)


@pytest.fixture
def visit(session, bed, worker):
    return make_visit(session, bed, worker, on=TOMORROW, at=time(9))


class TestMoving:
    def test_somebody_else_comes_at_another_time(self, session, visit, colleague):
        move_visit(session, visit.id, worker_id=colleague.id, starts_at=at(15))

        session.refresh(visit)
        assert (visit.worker_id, visit.starts_at) == (colleague.id, at(15))

    def test_nobody_is_sent_to_two_homes_at_once(self, session, visit, colleague, neighbour):
        make_visit(session, neighbour, colleague, on=TOMORROW, at=time(9, 30))

        with pytest.raises(WorkerIsElsewhere):
            move_visit(session, visit.id, worker_id=colleague.id, starts_at=at(9))

    def test_an_elder_has_one_visit_at_once(self, session, visit, bed, colleague, worker):
        make_visit(session, bed, colleague, on=TOMORROW, at=time(14))

        with pytest.raises(ElderHasAVisit):
            move_visit(session, visit.id, worker_id=worker.id, starts_at=at(14))

    def test_another_providers_people_are_not_sent(self, session, visit):
        stranger = make_staff(session, Role.CARE_WORKER, site_id=make_provider(session).id)

        with pytest.raises(NotAWorkerHere):
            move_visit(session, visit.id, worker_id=stranger.id, starts_at=at(9))

    def test_what_has_begun_stays(self, session, bed, worker, colleague):
        begun = make_visit(session, bed, worker, state="under_way")

        with pytest.raises(VisitNotSo):
            move_visit(session, begun.id, worker_id=colleague.id, starts_at=at(9))

    def test_a_closed_month_stays(self, session, site, visit, worker):
        month = TOMORROW.replace(day=1)
        session.add(HomeMonthClose(site_id=site.id, month=month, closed_at=clock.now()))
        session.flush()

        with pytest.raises(MonthIsClosed):
            move_visit(session, visit.id, worker_id=worker.id, starts_at=at(11))


def test_two_exchange_their_visits_at_one_time(session, visit, worker, colleague, neighbour):
    other = make_visit(session, neighbour, colleague, on=TOMORROW, at=time(9))

    swap_visits(session, visit.id, other.id)

    assert (worker_of(session, visit), worker_of(session, other)) == (colleague.id, worker.id)
    assert (visit.state, visit.cancel_reason) == ("planned", "")


class TestIll:
    def give_away(self, session, site, worker):
        return reassign(session, site.id, worker.id, first=TOMORROW, last=TOMORROW)

    def test_a_free_colleague_takes_over(self, session, site, visit, worker, colleague):
        assert self.give_away(session, site, worker).moved == [visit.id]
        assert worker_of(session, visit) == colleague.id

    def test_whoever_was_there_most_often_goes_first(
        self, session, site, bed, visit, worker, colleague
    ):
        known = make_worker(session, bed)
        make_visit(session, bed, known, on=TOMORROW - timedelta(days=5), state="done")

        self.give_away(session, site, worker)
        assert worker_of(session, visit) == known.id

    def test_what_nobody_can_take_is_told_and_stays(
        self, session, site, bed, visit, worker, colleague, neighbour
    ):
        make_visit(session, neighbour, colleague, on=TOMORROW, at=time(9, 30))
        later = make_visit(session, bed, worker, on=TOMORROW, at=time(14))

        done = self.give_away(session, site, worker)
        assert (done.moved, done.left) == ([later.id], [visit.id])
        assert worker_of(session, visit) == worker.id

    def test_nobody_is_sent_faster_than_they_can_go(self, session, site, visit, worker, colleague):
        far = make_home_bed(session, make_resident(session), site, x=HERE[0] + 0.1, y=HERE[1])
        make_visit(session, far, colleague, on=TOMORROW, at=time(10, 20))

        assert self.give_away(session, site, worker).left == [visit.id]


def test_a_way_that_takes_longer_than_the_time_between_is_told():
    def visit(number, hour, x):
        return SimpleNamespace(
            id=number, worker_id=1, state="planned", starts_at=at(hour), minutes=60,
            home_x=x, home_y=HERE[1],
        )  # fmt: skip

    day = [visit(1, 9, 112.0), visit(2, 10, 112.1), visit(3, 14, 112.0)]

    assert tight_ways(day, metres_a_minute=250) == {2}


def test_continuity_is_the_share_of_each_elders_usual_face(
    session, site, bed, worker, colleague, neighbour
):
    for days, who in enumerate((worker, worker, colleague), start=1):
        make_visit(session, bed, who, on=clock.today() - timedelta(days=days), state="done")
    make_visit(
        session, neighbour, worker, on=clock.today() - timedelta(days=1), at=time(14), state="done"
    )
    month = {"first": clock.today() - timedelta(days=30), "last": clock.today()}

    assert share_of_most_frequent(session, within([], [site.id]), **month) == (3, 4)


def test_a_cancelled_visit_has_its_reason(session, visit):
    cancel_visit(session, visit.id, reason="老人住院")

    assert (visit.state, visit.cancel_reason) == ("cancelled", "老人住院")
    with pytest.raises(VisitNotSo):
        cancel_visit(session, visit.id, reason="again")


def test_all_that_is_ahead_at_a_bed_is_called_off(session, bed, visit, neighbour, colleague):
    other = make_visit(session, neighbour, colleague, on=TOMORROW)

    assert cancel_visits_of_bed(session, bed.id, reason="暂停") == 1
    session.refresh(other)
    assert other.state == "planned"


def test_nobody_came_yesterday(session, bed, worker, colleague, neighbour):
    yesterday = clock.today() - timedelta(days=1)
    missed = make_visit(session, bed, worker, on=yesterday)
    today = make_visit(session, bed, worker, on=clock.today())
    done = make_visit(session, neighbour, colleague, on=yesterday, state="done")

    assert (miss_visits(session), miss_visits(session)) == (1, 0)
    states = session.execute(text("SELECT id, state FROM care_visit")).all()
    assert dict(map(tuple, states)) == {missed.id: "missed", today.id: "planned", done.id: "done"}


def test_whoever_begins_in_the_middle_of_a_week_stands_on_its_roster(session, site):
    monday, wednesday = date(2026, 6, 1), date(2026, 6, 3)
    new = make_staff(session, Role.CARE_WORKER, site_id=site.id, starts_on=wednesday)

    def listed(first, last=None):
        found = list_workers(session, [site.id], on=first, until=last)
        return [row.worker_id for row in found].count(new.id)

    assert listed(monday) == 0
    assert listed(monday, monday + timedelta(days=6)) == 1
