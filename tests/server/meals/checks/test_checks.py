"""Meals that cannot be true: each planted, beside a neighbour that looks like it and is honest."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import select

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.facilities.models import BedKind, BedOccupancy, BedState, Stay, StayStatus
from server.findings.models import Finding
from server.findings.models import FindingKind as Kind
from server.homecare.meal_checks.checks import CHECKS
from server.homecare.meal_checks.service import check_lately
from server.meals.checks.service import check_days, find
from server.meals.counter.models import How, MealCollection
from server.meals.counter.receiving import FOUND_AS
from server.meals.models import BookedBy, Handing, Meal
from server.places.workdays import is_workday
from server.policies.models import Parameter, Standing
from server.policies.queries import get_figures
from server.providers.models import PaperKind, SitePaper
from server.residents.departures.models import Departure, DepartureKind
from tests.factories.eaten import Kitchen
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import LONG_AGO, make_hardship, make_resident, make_sign_in

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


def hand_over(session, meal, staff, *, how):
    """As the counter writes it: who, by which device, and what of the eater's was shown."""
    token = f"test-{meal.id:08d}"
    session.add(
        MealCollection(
            client_key=token, booking_id=meal.id, how=how, device_at=meal.collected_at,
            received_at=meal.collected_at, staff_id=staff.id,
            reason="没带手机" if how is How.STAFF else None,
        )
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize(
    ("how", "is_found"), [(How.NAME, True), (How.STAFF, True), (How.QR, False), (How.CARD, False)]
)
def test_whoever_keys_most_of_a_day_in_is_found_and_whoever_scans_is_not(
    session, kitchen, found, how, is_found
):
    meals = [kitchen.eaten() for _ in range(12)]
    for number, meal in enumerate(meals):
        hand_over(session, meal, kitchen.cook, how=how if number < 10 else How.QR)
    for _ in range(12):
        hand_over(session, kitchen.eaten(on=kitchen.day(1)), kitchen.cook, how=How.QR)

    assert found(Kind.MEAL_ONE_HAND) == ([[one.id for one in meals[:10]]] if is_found else [])


class TestOneHand:
    """With real commits: who booked a meal stands in the trail."""

    @pytest.fixture
    def kitchen(self, own_city):
        with acting(PLATFORM), transaction() as session:
            kitchen = Kitchen(session)
            kitchen.eaters = [make_resident(session) for _ in range(12)]
            for day in (0, 1):
                kitchen.sitting(kitchen.day(day))
            kitchen.token = make_sign_in(session, staff=kitchen.cook)
            return kitchen

    def eat(self, kitchen, act, *, on):
        """Booked by telephone by whoever acts, and handed out by the cook for its code."""
        with acting(act), transaction() as session:
            kitchen.session = session
            booked = {"on": on, "booked_by": BookedBy.CANTEEN}
            meals = [kitchen.eaten(one, **booked) for one in kitchen.eaters]
            for meal in meals:
                hand_over(session, meal, kitchen.cook, how=How.CODE)
            return [meal.id for meal in meals]

    def test_whoever_books_and_hands_out_most_of_a_day_is_found(self, kitchen):
        own = self.eat(kitchen, by_staff(kitchen.token), on=kitchen.month)
        self.eat(kitchen, PLATFORM, on=kitchen.day(1))

        with acting(PLATFORM), transaction(writes=False) as session:
            check = next(one for one in CHECKS if one.kind is Kind.MEAL_ONE_HAND)
            [case] = find(session, check, kitchen.month, until=kitchen.day(27))

        assert case.evidence["meals"] == own
        assert (case.evidence["staff_id"], case.evidence["keyed"]) == (kitchen.cook.id, 0)


@pytest.mark.parametrize(("subsidy", "is_found"), [(300, True), (200, False)])
def test_a_rate_above_the_age_of_the_day(session, kitchen, found, subsidy, is_found):
    figure = get_figures(session, ["meals.subsidy_by_age"], on=clock.today())
    number = figure["meals.subsidy_by_age"].parameter_id
    young = make_resident(session, born_on=date(kitchen.month.year - 79, 1, 1))
    reason = {"code": "subsidy-by-age", "amount_fen": subsidy, "parameter_id": number}
    meal = kitchen.eaten(young, subsidy=subsidy, reasons=[reason])

    assert found(Kind.MEAL_TIER_DIFFERS) == ([[meal.id]] if is_found else [])


CLASSES = [
    {"class": "age", "from_age": 90, "elder_pays_fen": 0, "places": ["140502"]},
    {"class": "age", "from_age": 80, "fen": 300, "days": "working"},
    {"class": "age", "from_age": 65, "percent": 10, "meals": ["lunch"]},
    {"class": "hardship", "tiers": ["dibao"], "fen": 200},
    {"class": "special_care", "cares": ["living_alone"], "fen": 100},
]


@pytest.fixture
def classes(session):
    """A city that names its classes one after another, as Chuzhou does."""
    figure = Parameter(
        key="meals.subsidy_classes", key_no=9001, value=CLASSES, starts_on=LONG_AGO,
        document="测试", clause="一", standing=Standing.REFERENCE, pack="tests",
    )  # fmt: skip
    session.add(figure)
    session.flush()
    return figure.id


@pytest.mark.parametrize(
    ("age", "code", "fen", "is_found"),
    [
        (91, "age", 1200, False),
        (85, "age", 1200, True),
        (85, "age", 300, False),
        (70, "age", 120, False),
        (70, "age", 121, True),
        (60, "age", 100, True),
        (60, "hardship", 200, False),
        (60, "hardship", 201, True),
        (60, "special-care", 100, True),
    ],
)
def test_a_rate_above_the_class_of_the_day(
    session, kitchen, found, classes, age, code, fen, is_found
):
    working = next(kitchen.day(number) for number in range(9) if is_workday(kitchen.day(number)))
    eater = make_resident(session, born_on=date(kitchen.month.year - age, 1, 1))
    make_hardship(session, eater)
    reason = {"code": f"subsidy-by-{code}", "amount_fen": fen, "parameter_id": classes}
    meal = kitchen.eaten(eater, on=working, subsidy=fen, reasons=[reason])

    assert found(Kind.MEAL_TIER_DIFFERS) == ([[meal.id]] if is_found else [])


def test_a_class_for_working_days_gives_nothing_on_a_day_off(session, kitchen, found, classes):
    off = next(kitchen.day(number) for number in range(28) if not is_workday(kitchen.day(number)))
    eater = make_resident(session, born_on=date(kitchen.month.year - 85, 1, 1))
    reason = {"code": "subsidy-by-age", "amount_fen": 300, "parameter_id": classes}
    meal = kitchen.eaten(eater, on=off, reasons=[reason])

    assert found(Kind.MEAL_TIER_DIFFERS) == [[meal.id]]


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


@pytest.mark.parametrize("told", [BedKind.INSTITUTION, BedKind.MEDICAL, None])
def test_what_is_told_weeks_later_is_looked_at_again(session, kitchen, told):
    """A home, a hospital or a window tells today what began two months ago."""
    eater, other = make_resident(session), make_resident(session)
    late = kitchen.eaten(eater, on=kitchen.day(2))
    kitchen.eaten(other, on=kitchen.day(2))
    assert check_lately(session) == 0

    if told is None:
        gone = {"resident_id": eater.id, "kind": DepartureKind.DIED, "happened_on": kitchen.month}
        session.add(Departure(**gone, source="window", reported_at=clock.now(), effects=[]))
        session.flush()
    else:
        lie(session, eater, told, since=kitchen.month)

    assert check_lately(session) == 1
    assert check_lately(session) == 0
    assert session.exec(select(Finding.subject)).one() == f"booking:{late.id}"
