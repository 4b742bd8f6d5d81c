"""When visits were proved: each check with a case planted, and its neighbour that is harmless."""

from datetime import datetime, time, timedelta

import pytest
import time_machine

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.findings.models import FindingKind
from server.homecare.checks.checks import BY_KIND
from server.homecare.checks.service import find
from server.homecare.visits.models import CareVisit
from tests.factories.homecare import make_worker
from tests.factories.street import Street


def from_to(street, begins, ends):
    arrived, left = (datetime.combine(street.day, one, clock.CITY) for one in (begins, ends))
    return {"arrived_at": arrived, "left_at": left}


class TestOverlap:
    def test_a_worker_in_two_homes_at_once_is_found(self, street, found):
        first = street.proved(at=time(9))
        second = street.proved(
            street.other, at=time(10), proof=from_to(street, time(9, 50), time(10, 50))
        )

        assert found(FindingKind.HOME_VISITS_OVERLAP) == [f"visits:{first.id}:{second.id}"]

    def test_one_after_the_other_is_not(self, street, found):
        street.proved(at=time(9))
        street.proved(street.other, at=time(10))

        assert found(FindingKind.HOME_VISITS_OVERLAP) == []

    def test_two_minutes_are_the_clocks(self, street, found):
        street.proved(at=time(9))
        proof = from_to(street, time(9, 58), time(10, 50))
        street.proved(street.other, at=time(10), proof=proof)

        assert found(FindingKind.HOME_VISITS_OVERLAP) == []

    def test_two_workers_are_not_one(self, session, street, found):
        street.proved(at=time(9))
        colleague = make_worker(session, street.bed)
        street.proved(street.other, at=time(9), worker=colleague)

        assert found(FindingKind.HOME_VISITS_OVERLAP) == []


@pytest.mark.parametrize(("minutes", "is_found"), [(47, True), (48, False)])
def test_a_visit_of_less_than_four_fifths_is_found(street, found, minutes, is_found):
    visit = street.proved(minutes=minutes)

    kind = FindingKind.HOME_VISIT_TOO_SHORT
    assert found(kind) == ([f"visit:{visit.id}"] if is_found else [])


@pytest.mark.parametrize(("last", "is_found"), [(61, True), (60, False)])
def test_more_than_twelve_hours_in_a_day_are_found(street, found, last, is_found):
    for hour in range(7, 18):
        street.proved(at=time(hour))
    street.proved(at=time(18), minutes=last)

    subject = f"day:{street.worker.id}:{street.day}"
    assert found(FindingKind.HOME_DAY_TOO_LONG) == ([subject] if is_found else [])


@pytest.mark.parametrize(("hours", "is_found"), [(73, True), (71, False)])
def test_what_reaches_the_platform_after_three_days_is_found(street, found, hours, is_found):
    left = datetime.combine(street.day, time(10), clock.CITY)
    visit = street.proved(proof={"left_recorded_at": left + timedelta(hours=hours)})

    assert found(FindingKind.HOME_VISIT_SENT_LATE) == ([f"late:{visit.id}"] if is_found else [])


class TestHoursShifted:
    """Two hundred hours are worked by the ninth of the month; what comes after is a colleague's."""

    @pytest.fixture
    def month(self, street):
        first = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
        street.colleague = make_worker(street.session, street.bed)
        return first

    def fill(self, street, month, *, hours=204):
        """The worker's own homes, eleven to twelve hours a day, six hours each."""
        for number in range(hours // 6):
            street.proved(
                street.bed if number % 2 else street.other,
                on=month + timedelta(days=number // 2),
                at=time(6 + 6 * (number % 2)),
                minutes=360,
            ).minutes = 360
        return month + timedelta(days=hours // 12)

    def shift(self, street, since, *, visits):
        for number in range(visits):
            on = since + timedelta(days=number)
            street.proved(street.bed, on=on, worker=street.colleague)

    def found(self, found, month):
        return found(FindingKind.HOME_HOURS_SHIFTED, since=month, until=month.replace(day=28))

    def test_visits_that_turn_up_in_a_colleagues_name_are_found(self, street, found, month):
        after = self.fill(street, month)
        self.shift(street, after, visits=3)

        of_whom = f"{street.worker.id}:{street.colleague.id}"
        assert self.found(found, month) == [f"shift:{of_whom}:{month:%Y-%m}"]

    def test_once_or_twice_is_help(self, street, found, month):
        after = self.fill(street, month)
        self.shift(street, after, visits=2)

        assert self.found(found, month) == []

    def test_below_the_cap_nothing_is_shifted(self, street, found, month):
        after = self.fill(street, month, hours=192)
        self.shift(street, after, visits=3)

        assert self.found(found, month) == []

    def test_a_colleague_who_came_before_may_come_again(self, street, found, month):
        street.proved(street.bed, on=month, at=time(18), worker=street.colleague)
        after = self.fill(street, month)
        self.shift(street, after, visits=3)

        assert self.found(found, month) == []


class TestWrittenDownAfterwards:
    def test_a_visit_written_down_on_a_later_day_is_found(self, street, found):
        visit = street.planned(on=clock.today() - timedelta(days=1))

        assert found(FindingKind.HOME_VISIT_BACK_FILLED) == [f"filled:{visit.id}"]

    def test_one_of_today_is_not(self, street, found):
        street.planned(on=clock.today())

        assert found(FindingKind.HOME_VISIT_BACK_FILLED) == []


class TestChangedAfterwards:
    """With real commits: what was changed, and on which day, stands in the trail."""

    @pytest.fixture
    def visit_id(self, own_city):
        with self.platform(), transaction() as session:
            street = Street(session)
            return street.planned(on=clock.today()).id

    def platform(self):
        return acting(Act(Face.COMMAND, "tests", "test", service=True))

    def change(self, visit_id, **values):
        with self.platform(), transaction() as session:
            visit = session.get_one(CareVisit, visit_id)
            for name, value in values.items():
                setattr(visit, name, value)

    def found(self, day):
        kind = FindingKind.HOME_VISIT_BACK_FILLED
        with self.platform(), transaction() as session:
            return [one.subject for one in find(session, BY_KIND[kind], day, until=day)]

    def test_longer_minutes_the_day_after_are_found(self, visit_id):
        today = clock.today()
        with time_machine.travel(clock.now() + timedelta(days=1)):
            self.change(visit_id, minutes=120)

        assert self.found(today) == [f"filled:{visit_id}"]

    def test_the_same_on_the_day_is_not(self, visit_id):
        self.change(visit_id, minutes=120)

        assert self.found(clock.today()) == []

    def test_what_the_platform_says_of_it_afterwards_is_not(self, visit_id):
        today = clock.today()
        with time_machine.travel(clock.now() + timedelta(days=1)):
            self.change(visit_id, state="missed")

        assert self.found(today) == []
