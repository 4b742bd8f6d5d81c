"""Meals that cannot be true: each planted, beside a neighbour that looks like it and is honest."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.facilities.models import BedKind, BedOccupancy, BedState, Stay, StayStatus
from server.findings.models import FindingKind as Kind
from server.homecare.meal_checks.checks import CHECKS
from server.meals.checks.service import check_days, find
from server.meals.counter.receiving import FOUND_AS
from server.meals.models import BookingStatus, Handing, Meal
from server.policies.queries import get_figures
from server.providers.models import PaperKind, SitePaper
from server.residents.departures.models import Departure, DepartureKind
from tests.factories.eaten import Kitchen
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import LONG_AGO, make_resident, make_sign_in

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
HALF_PAST = time(11, 30)


def by_staff(token):
    return Act(Face.CONSOLE, "tests", "test", token=token)


def after(start, **given):
    return (datetime.combine(date.min, start) + timedelta(**given)).time()


def test_three_subsidised_meals_of_a_day_are_found_and_two_are_not(session, kitchen, found):
    greedy, modest = make_resident(session), make_resident(session)
    three = [kitchen.eaten(greedy, meal=meal) for meal in Meal]
    for meal in list(Meal)[:2]:
        kitchen.eaten(modest, meal=meal)
    kitchen.eaten(modest, meal=Meal.DINNER, subsidy=0)

    assert found(Kind.MEAL_OVER_THE_CAP) == [[one.id for one in three]]


@pytest.mark.parametrize(("minutes", "is_found"), [(20, True), (90, False)])
def test_two_canteens_within_half_an_hour(session, kitchen, found, minutes, is_found):
    eater, other = make_resident(session), Kitchen(session)
    here = kitchen.eaten(eater, at=HALF_PAST)
    there = other.eaten(eater, meal=Meal.DINNER, at=after(HALF_PAST, minutes=minutes))
    kitchen.eaten(on=kitchen.month, meal=Meal.DINNER, at=after(HALF_PAST, minutes=1))

    assert found(Kind.MEAL_TWO_CANTEENS) == ([[here.id, there.id]] if is_found else [])


@pytest.mark.parametrize(("jitter", "is_found"), [(0, True), (7, False)])
def test_meals_in_one_rhythm_are_a_burst_and_a_queue_is_not(kitchen, found, jitter, is_found):
    for number in range(10):
        seconds = 20 * number + jitter * (number % 3)
        kitchen.eaten(at=after(HALF_PAST, seconds=seconds))

    assert bool(found(Kind.MEAL_COLLECTED_IN_A_BURST)) is is_found


def test_more_diners_than_seats_and_turns(session, kitchen, found):
    """Two seats, an hour and a half: six can eat one after another."""
    kitchen.canteen.seats = 2
    session.flush()
    seven = [kitchen.eaten() for _ in range(7)]
    for _ in range(6):
        kitchen.eaten(on=kitchen.day(1))
    kitchen.eaten(on=kitchen.day(1), handing=Handing.DELIVERY)

    assert found(Kind.MEAL_MORE_THAN_SEATS) == [[one.id for one in seven]]


class TestOneHand:
    """With real commits: whose hands these were stands in the trail."""

    @pytest.fixture
    def kitchen(self, own_city):
        with acting(PLATFORM), transaction() as session:
            kitchen = Kitchen(session)
            kitchen.eaters = [make_resident(session) for _ in range(12)]
            for day in (0, 1):
                kitchen.sitting(kitchen.day(day))
            kitchen.token = make_sign_in(session, staff=kitchen.cook)
            return kitchen

    def book(self, kitchen, act, *, on):
        with acting(act), transaction() as session:
            kitchen.session = session
            booked = {"status": BookingStatus.BOOKED, "on": on}
            return [kitchen.eaten(one, **booked).id for one in kitchen.eaters]

    def hand_out(self, kitchen, ids):
        at = datetime.combine(kitchen.month, HALF_PAST, clock.CITY)
        collected = (
            "UPDATE booking SET status = 'collected', collected_at = :at WHERE id = ANY (:ids)"
        )
        with acting(by_staff(kitchen.token)), transaction() as session:
            session.execute(text(collected), {"ids": ids, "at": at})

    def test_whoever_books_and_hands_out_most_of_a_day_is_found(self, kitchen):
        own = self.book(kitchen, by_staff(kitchen.token), on=kitchen.month)
        theirs = self.book(kitchen, PLATFORM, on=kitchen.day(1))
        for ids in (own, theirs):
            self.hand_out(kitchen, ids)

        with acting(PLATFORM), transaction(writes=False) as session:
            check = next(one for one in CHECKS if one.kind is Kind.MEAL_ONE_HAND)
            [case] = find(session, check, kitchen.month, until=kitchen.day(27))

        assert case.evidence["meals"] == own
        assert case.evidence["staff_id"] == kitchen.cook.id


@pytest.mark.parametrize(("subsidy", "is_found"), [(300, True), (200, False)])
def test_a_rate_above_the_age_of_the_day(session, kitchen, found, subsidy, is_found):
    figure = get_figures(session, ["meals.subsidy_by_age"], on=clock.today())
    number = figure["meals.subsidy_by_age"].parameter_id
    young = make_resident(session, born_on=date(kitchen.month.year - 79, 1, 1))
    reason = {"code": "subsidy-by-age", "amount_fen": subsidy, "parameter_id": number}
    meal = kitchen.eaten(young, subsidy=subsidy, reasons=[reason])

    assert found(Kind.MEAL_TIER_DIFFERS) == ([[meal.id]] if is_found else [])


def test_meals_after_the_licence_ended(session, kitchen, found):
    paper = SitePaper(site_id=kitchen.site_id, kind=PaperKind.FOOD, number="JY1",
                      starts_on=LONG_AGO, ends_on=kitchen.day(1))  # fmt: skip
    session.add(paper)
    kitchen.eaten()
    late = kitchen.eaten(on=kitchen.day(1))
    Kitchen(session).eaten(on=kitchen.day(1))

    assert found(Kind.MEAL_WITHOUT_LICENCE) == [[late.id]]


def test_a_meal_after_the_day_of_the_death(session, kitchen, found):
    eater = make_resident(session)
    kitchen.eaten(eater)
    late = kitchen.eaten(eater, on=kitchen.day(1))
    gone = {"resident_id": eater.id, "kind": DepartureKind.DIED, "happened_on": kitchen.month}
    session.add(Departure(**gone, source="window", reported_at=clock.now(), effects=[]))
    session.flush()

    assert found(Kind.MEAL_AFTER_DEPARTURE) == [[late.id]]


def test_a_night_twice_finds_a_thing_once(session, kitchen):
    eater = make_resident(session)
    for meal in Meal:
        kitchen.eaten(eater, meal=meal)
    days = {"since": kitchen.month, "until": kitchen.day(27), "checks": CHECKS}

    first, second = (check_days(session, **days) for _ in range(2))

    assert first[Kind.MEAL_OVER_THE_CAP] == 1
    assert sum(second.values()) == 0


def test_every_check_of_meals_is_one_of_the_kinds():
    found_by_counters = set(FOUND_AS.values())
    told = {kind for kind in Kind if kind.startswith("meal_")} - found_by_counters

    assert {check.kind for check in CHECKS} == told


def lie(session, resident, kind, *, since):
    """Somebody takes a bed, from a day on."""
    bed = make_bed(session, site=make_site(session), kind=kind)
    stay = Stay(
        resident_id=resident.id, site_id=bed.site_id, kind=kind, status=StayStatus.STAYING,
        planned_on=since, hold_until=since + timedelta(days=3), admitted_on=since,
    )  # fmt: skip
    session.add(stay)
    session.flush()
    taken = BedOccupancy(
        bed_id=bed.id, site_id=bed.site_id, kind=kind, state=BedState.OCCUPIED, stay_id=stay.id,
        resident_id=resident.id, starts_on=since, recorded_at=clock.now(),
    )  # fmt: skip
    session.add(taken)
    session.flush()


@pytest.mark.parametrize(
    ("bed", "kind"),
    [(BedKind.MEDICAL, Kind.MEAL_IN_HOSPITAL), (BedKind.INSTITUTION, Kind.MEAL_IN_A_HOME)],
)
def test_a_meal_while_in_a_bed_elsewhere_is_found_and_on_the_day_of_going_not(
    session, kitchen, found, bed, kind
):
    eater = make_resident(session)
    lie(session, eater, bed, since=kitchen.month)
    kitchen.eaten(eater)
    second = kitchen.eaten(eater, on=kitchen.day(1))

    assert found(kind) == [[second.id]]
    assert found({Kind.MEAL_IN_HOSPITAL, Kind.MEAL_IN_A_HOME}.difference({kind}).pop()) == []
