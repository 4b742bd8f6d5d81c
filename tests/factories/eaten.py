"""Meals that were handed out on days gone by, and the months they stand in."""

from datetime import date, datetime, time, timedelta
from itertools import count

from server import clock
from server.meals.models import BookedBy, Booking, BookingStatus, Meal
from server.meals.voices.models import MealVoice, MealVoiceKind
from server.residents.models import CareLink
from tests.cities import VILLAGE
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident, make_staff

_codes = count(1)


def last_month():
    """The first day of the month before this one."""
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


def month_before_last():
    """The first day of a month that may be drawn up on any day."""
    return (last_month() - timedelta(days=1)).replace(day=1)


def make_voice(session, meal, **given):
    """A complaint about a meal, as its eater made it."""
    values = {"kind": MealVoiceKind.COLD, "words": "", "due_on": clock.today()} | given
    said = MealVoice(
        resident_id=meal.resident_id, site_id=meal.canteen_id, booking_id=meal.id,
        said_at=clock.now(), **values,
    )  # fmt: skip
    session.add(said)
    session.flush()
    return said


def make_answered(session, meal, **given):
    """A complaint that the canteen has answered."""
    return make_voice(session, meal, answer="已换保温箱", answered_at=clock.now(), **given)


class Kitchen:
    """A canteen with a cook, its county's officers, and what it handed out."""

    def __init__(self, session, *, division_code=VILLAGE, **given):
        self.session = session
        self.month = month_before_last()
        self.canteen = make_canteen(session, division_code=division_code, **given)
        self.site_id = self.canteen.site_id
        self.cook = make_staff(session, "canteen_staff", site_id=self.site_id)
        county = division_code[:6]
        self.officer = make_staff(session, "county_officer", division_code=county)
        self.other = make_staff(session, "county_officer", division_code=county)
        self._sittings = {}

    def knows(self, resident):
        """The canteen has to do with somebody, as after a booking."""
        today = clock.today()
        link = {"starts_on": today, "ends_on": today + timedelta(days=60)}
        self.session.add(CareLink(resident_id=resident.id, site_id=self.site_id, **link))
        self.session.flush()

    def day(self, number=0):
        return self.month + timedelta(days=number)

    def sitting(self, on, meal=Meal.LUNCH, **given):
        key = (on, meal)
        if key not in self._sittings:
            ahead = (on - clock.today()).days
            self._sittings[key] = make_sitting(
                self.session, self.canteen, in_days=ahead, meal=meal, dishes=(), **given
            )
        return self._sittings[key]

    def eaten(self, resident=None, *, on=None, meal=Meal.LUNCH, subsidy=300, at=None, **given):
        """A meal of 12 yuan, booked the day before, and handed out unless said otherwise."""
        on = on or self.month
        resident = resident or make_resident(self.session, born_on=date(1940, 1, 1))
        sitting = self.sitting(on, meal)
        values = {
            "status": BookingStatus.COLLECTED,
            "collected_at": datetime.combine(on, at or time(11, 30), clock.CITY),
            "list_price_fen": 1200,
            "operator_discount_fen": 0,
            "subsidy_fen": subsidy,
            "charity_fen": 0,
            "own_pay_fen": 1200 - subsidy,
            "subsidised_no": self._number(meal) if subsidy else None,
            "reasons": [],
            "booked_by": BookedBy.SELF,
            "booked_at": datetime.combine(on - timedelta(days=1), time(9), clock.CITY),
        } | given
        if values["status"] is not BookingStatus.COLLECTED:
            values["collected_at"] = None
        booking = Booking(
            sitting_id=sitting.id, canteen_id=self.site_id, resident_id=resident.id,
            service_on=on, meal=meal, code=f"{next(_codes):06d}", **values,
        )  # fmt: skip
        self.session.add(booking)
        self.session.flush()
        return booking

    @staticmethod
    def _number(meal):
        return list(Meal).index(meal) + 1
