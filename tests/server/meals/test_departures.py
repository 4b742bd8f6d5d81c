"""What a departure ends at the canteen, and which of it comes back."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.meals.collecting import collect_meal
from server.meals.errors import NobodyToFeed
from server.meals.models import BookedBy, Booking, Sitting
from server.meals.service import book_meal
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.wallets import make_wallet

DIED_ON = date(2026, 11, 25)
FIRST_BOOKED = datetime(2026, 11, 20, 1, tzinfo=clock.CITY)


@pytest.fixture(autouse=True)
def days(session):
    """The twentieth of November; `days.move_to` lets time pass."""
    with time_machine.travel(FIRST_BOOKED, tick=False) as days:
        yield days


@pytest.fixture
def resident(session):
    return make_resident(session)


@pytest.fixture
def canteen(session):
    return make_canteen(session)


def noon(day):
    return datetime.combine(day, datetime.min.time(), clock.CITY) + timedelta(hours=12)


def book(session, resident, canteen, day, **given):
    in_days = (day - clock.today()).days
    sitting = make_sitting(session, canteen, in_days=in_days, **given)
    booking = book_meal(
        session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.STAFF
    )
    return session.get_one(Booking, booking.id)


def report(session, resident, kind=DepartureKind.DIED):
    report_departure(session, resident_id=resident.id, kind=kind, happened_on=DIED_ON)
    return session.execute(text("SELECT max(id) FROM departure")).scalar_one()


def reverse(session, departure_id):
    return reverse_departure(session, departure_id, reason="认错了人")


def statuses(session, *bookings):
    for booking in bookings:
        session.refresh(booking)
    return [booking.status.value for booking in bookings]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (DepartureKind.DIED, "resident-died"),
        (DepartureKind.MOVED_AWAY, "resident-moved-away"),
    ],
)
def test_what_is_booked_after_the_day_is_cancelled_and_its_place_is_free(
    session, days, resident, canteen, kind, reason
):
    before, that_day, after = (
        book(session, resident, canteen, DIED_ON + timedelta(days=shift)) for shift in (-1, 0, 1)
    )
    days.move_to(noon(DIED_ON))

    report(session, resident, kind)

    assert statuses(session, before, that_day, after) == ["booked", "booked", "cancelled"]
    assert (after.cancelled_at, after.cancel_reason) == (clock.now(), reason)
    assert session.get_one(Sitting, after.sitting_id).booked == 0
    assert session.get_one(Sitting, that_day.sitting_id).booked == 1


def test_a_meal_that_was_collected_after_the_day_is_a_finding(session, days, resident, canteen):
    that_day, after = (
        book(session, resident, canteen, DIED_ON + timedelta(days=shift)) for shift in (0, 1)
    )
    for booking in (that_day, after):
        days.move_to(noon(booking.service_on))
        collect_meal(session, canteen_id=canteen.site_id, code=booking.code)

    departure_id = report(session, resident)

    assert statuses(session, that_day, after) == ["collected", "collected"]
    [finding] = session.execute(text("SELECT * FROM finding")).all()
    assert (finding.kind, finding.subject) == ("meal_after_departure", f"booking:{after.id}")
    assert finding.resident_id == resident.id
    assert finding.evidence == {
        "departure_id": departure_id,
        "departure": "died",
        "happened_on": "2026-11-25",
        "booking_id": after.id,
        "canteen_id": canteen.site_id,
        "service_on": "2026-11-26",
        "subsidy_fen": after.subsidy_fen,
    }


def test_a_finding_is_opened_again_when_the_death_is_reported_again(
    session, days, resident, canteen
):
    booking = book(session, resident, canteen, DIED_ON + timedelta(days=1))
    days.move_to(noon(booking.service_on))
    collect_meal(session, canteen_id=canteen.site_id, code=booking.code)

    reverse(session, report(session, resident))
    assert session.execute(text("SELECT state FROM finding")).scalars().all() == ["withdrawn"]
    report(session, resident)

    assert session.execute(text("SELECT state FROM finding")).scalars().all() == ["open"]


def test_nobody_books_from_the_day_after(session, days, resident, canteen):
    days.move_to(noon(DIED_ON))
    report(session, resident)

    with pytest.raises(NobodyToFeed):
        book(session, resident, canteen, DIED_ON + timedelta(days=1))


def test_the_canteen_knows_its_guest_as_long_as_settlement_looks_back(
    session, days, resident, canteen
):
    book(session, resident, canteen, date(2027, 1, 5))
    link = text("SELECT ends_on FROM care_link")
    assert session.execute(link).scalars().all() == [date(2027, 3, 1)]
    days.move_to(noon(DIED_ON))

    departure_id = report(session, resident)
    assert session.execute(link).scalars().all() == [date(2027, 1, 1)]

    assert reverse(session, departure_id).lost == []
    assert session.execute(link).scalars().all() == [date(2027, 3, 1)]


class TestComingBack:
    @pytest.fixture
    def booking(self, session, days, resident, canteen):
        booking = book(session, resident, canteen, DIED_ON + timedelta(days=2), capacity=1)
        days.move_to(noon(DIED_ON))
        return booking

    def lost(self, reversal):
        return [(entry.table, entry.key) for entry in reversal.lost]

    def test_a_booking_comes_back_to_its_place(self, session, booking, resident):
        reversal = reverse(session, report(session, resident))

        assert self.lost(reversal) == []
        assert statuses(session, booking) == ["booked"]
        assert session.get_one(Sitting, booking.sitting_id).booked == 1

    def test_not_where_somebody_else_has_the_place(self, session, booking, resident):
        departure_id = report(session, resident)
        other = make_resident(session)
        book_meal(
            session,
            sitting_id=booking.sitting_id,
            resident_id=other.id,
            booked_by=BookedBy.STAFF,
        )

        reversal = reverse(session, departure_id)

        assert self.lost(reversal) == [("booking", booking.id)]
        assert statuses(session, booking) == ["cancelled"]
        assert session.get_one(Sitting, booking.sitting_id).booked == 1

    def test_not_after_the_cut_off(self, session, days, booking, resident):
        departure_id = report(session, resident)
        days.move_to(noon(booking.service_on))

        assert self.lost(reverse(session, departure_id)) == [("booking", booking.id)]
        assert statuses(session, booking) == ["cancelled"]

    def test_not_where_the_canteen_closed_meanwhile(self, session, booking, resident):
        departure_id = report(session, resident)
        session.get_one(Sitting, booking.sitting_id).closed_at = clock.now()
        session.flush()

        assert self.lost(reverse(session, departure_id)) == [("booking", booking.id)]

    def test_not_where_another_guest_has_the_same_code(self, session, booking, resident, canteen):
        departure_id = report(session, resident)
        session.execute(
            text(
                "INSERT INTO booking (sitting_id, canteen_id, resident_id, service_on, meal,"
                " status, booked_by, list_price_fen, operator_discount_fen, subsidy_fen,"
                " charity_fen, own_pay_fen, reasons, code, booked_at)"
                " SELECT :sitting, canteen_id, :resident, service_on, 'dinner', 'booked',"
                " booked_by, list_price_fen, 0, 0, 0, list_price_fen, '[]', code, booked_at"
                " FROM booking"
            ),
            {
                "sitting": make_sitting(session, canteen, in_days=2, meal="dinner").id,
                "resident": make_resident(session).id,
            },
        )

        assert self.lost(reverse(session, departure_id)) == [("booking", booking.id)]

    def test_what_the_resident_cancelled_before_stays_cancelled(self, session, booking, resident):
        booking.status, booking.cancelled_at = "cancelled", clock.now()
        booking.cancel_reason = "雨"
        session.flush()

        reverse(session, report(session, resident))

        assert statuses(session, booking) == ["cancelled"]
        assert booking.cancel_reason == "雨"


def test_a_canteen_with_money_of_the_dead_still_knows_whose_it_is(session, resident, canteen, days):
    make_wallet(session, resident, canteen)
    known = text("SELECT ends_on FROM care_link")
    before = session.execute(known).scalar_one()
    days.move_to(noon(DIED_ON + timedelta(days=1)))

    report(session, resident)

    assert session.execute(known).scalar_one() == before
