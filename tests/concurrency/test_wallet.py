"""A wallet never gives more than it holds, nor a day more than the city adds on it.

Each race that a guard of the database decides has a twin without it, which must then go wrong.
"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import acting
from server.ledger.models import PostingKind
from server.ledger.service import Draft, post
from server.meals.collecting import collect_meal
from server.meals.models import BookedBy, Meal
from server.meals.service import book_meal
from server.meals.wallets import rules
from server.meals.wallets.models import Via
from tests.concurrency.conftest import PLATFORM
from tests.concurrency.racing import as_owner, look, race
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.wallets import make_wallet

MANY = 12
MEAL_FEN = 900
BELOW = "SELECT id FROM wallet WHERE balance_fen < 0"
UNEQUAL = """
    SELECT w.id FROM wallet w
     WHERE w.balance_fen <> (SELECT coalesce(-sum(e.amount_fen), 0)
             FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
            WHERE a.kind = 'prepaid' AND a.subject = 'wallet:' || w.id)
"""
ABOVE_THE_DAY = """
    SELECT resident_id FROM booking WHERE status <> 'cancelled' AND subsidy_day_fen IS NOT NULL
     GROUP BY resident_id, service_on HAVING sum(subsidy_fen) > min(subsidy_day_fen)
"""


def by_itself(do):
    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(PLATFORM):
        return done()


class TestOneWallet:
    """Money for three meals, and twelve that are charged at once, past every kind check."""

    @pytest.fixture
    def wallet(self, settle):
        def make(session):
            canteen = make_canteen(session)
            wallet_id = make_wallet(session, make_resident(session), canteen, 3 * MEAL_FEN)
            return wallet_id, canteen.site_id

        return settle(make)

    def charge_at_once(self, wallet):
        wallet_id, site_id = wallet
        amounts = rules.postings_of(-MEAL_FEN, Via.BALANCE)

        def charge(number):
            draft = Draft(rules.subject_of(wallet_id), PostingKind.MEAL, f"meal:{number}", amounts)
            by_itself(lambda session: post(session, draft, site_id=site_id, posted_on=TODAY))
            return "charged"

        return race(range(MANY), charge)

    def test_pays_for_three(self, own_city, wallet):
        assert self.charge_at_once(wallet) == {"charged": 3, "IntegrityError": MANY - 3}
        assert look(own_city, BELOW) == []
        assert look(own_city, UNEQUAL) == []

    def test_would_pay_for_all_without_the_guard(self, own_city, wallet):
        guard = "ck_wallet_never_below_nought"
        as_owner(own_city, f"ALTER TABLE wallet DROP CONSTRAINT {guard}")

        assert self.charge_at_once(wallet) == {"charged": MANY}
        assert look(own_city, BELOW) != []


def test_meals_at_once_are_paid_by_the_wallet_while_it_lasts(own_city, settle):
    def make(session):
        elder, canteen = make_resident(session), make_canteen(session)
        make_wallet(session, elder, canteen, 2 * MEAL_FEN)
        return [_lunch(session, elder, canteen, meal) for meal in Meal]

    meals = settle(make)

    def collect(meal):
        by_itself(lambda session: collect_meal(session, canteen_id=meal[0], code=meal[1]))
        return "collected"

    assert race(meals, collect) == {"collected": 3}
    paid = look(own_city, "SELECT paid_how, count(*)::int FROM booking GROUP BY 1 ORDER BY 1")
    assert paid == [("cash", 1), ("wallet", 2)]
    assert look(own_city, "SELECT balance_fen FROM wallet") == [(0,)]
    assert look(own_city, UNEQUAL) == []


class TestADaysSubsidy:
    """Three meals of a day booked at once, each worth three yuan, and five yuan for the day.

    Each takes a number of its own, as if one had been cancelled and booked again in between: what
    keeps bookings apart elsewhere does not help here.
    """

    @pytest.fixture
    def meals(self, settle):
        def make(session):
            elder, canteen = make_resident(session), make_canteen(session)
            sittings = [make_sitting(session, canteen, meal=meal) for meal in Meal]
            return [(elder.id, number, one) for number, one in enumerate(_taken(sittings), 1)]

        return settle(make)

    def book_at_once(self, meals):
        def book(meal):
            by_itself(lambda session: session.execute(BOOK, _values(meal)))
            return "booked"

        return race(meals, book)

    def test_is_never_exceeded(self, own_city, meals):
        outcomes = self.book_at_once(meals)

        assert outcomes == {"booked": 1, "IntegrityError": 2}
        assert look(own_city, ABOVE_THE_DAY) == []

    def test_would_be_exceeded_without_the_guard(self, own_city, meals):
        as_owner(own_city, 'DROP TRIGGER "A_day_of_subsidy" ON booking')

        assert self.book_at_once(meals) == {"booked": 3}
        assert look(own_city, ABOVE_THE_DAY) != []


TODAY = clock.today()
BOOK = text(
    """
    INSERT INTO booking (sitting_id, canteen_id, service_on, meal, resident_id, status, booked_by,
           list_price_fen, operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen,
           subsidised_no, subsidy_day_fen, reasons, code, booked_at)
    VALUES (:sitting, :canteen, :day, :meal, :resident, 'booked', 'staff',
            1200, 0, 300, 0, 900, :number, 500, '[]', :code, :now)
    """
)


def _taken(sittings):
    return [(one.id, one.canteen_id, one.service_on, one.meal.value) for one in sittings]


def _values(meal):
    resident, number, (sitting, canteen, day, name) = meal
    return {
        "sitting": sitting, "canteen": canteen, "day": day, "meal": name, "resident": resident,
        "number": number, "code": f"{number:06d}", "now": clock.now(),
    }  # fmt: skip


def _lunch(session, elder, canteen, meal):
    soon = clock.now() + timedelta(hours=1)
    sitting = make_sitting(session, canteen, in_days=0, cutoff_at=soon, meal=meal,
                           list_price_fen=MEAL_FEN + 300 * (meal is not Meal.DINNER))  # fmt: skip
    booked = book_meal(
        session, sitting_id=sitting.id, resident_id=elder.id, booked_by=BookedBy.STAFF
    )
    return sitting.canteen_id, booked.code
