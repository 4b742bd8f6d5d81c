"""One person who was entered twice, each time with a life of its own."""

from datetime import date, timedelta

from sqlalchemy import text

from server import clock
from server.meals.models import BookedBy, Meal
from server.meals.service import book_meal
from server.residents.merging import duplicates
from server.residents.models import GrantKind, Opening, SpecialCare, SpecialCarePeriod
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import (
    LONG_AGO,
    an_id_number,
    make_account,
    make_hardship,
    make_resident,
    make_staff,
)

PHONE, OTHER_PHONE = "+8613912340001", "+8613912340002"


class Twins:
    """李秀英 with an ID number, and 李秀英 without one: both at the same canteen, same daughter."""

    def __init__(self, session):
        self.canteen = make_canteen(session)
        self.one = make_resident(
            session, name="李秀英", phone=PHONE, id_number=an_id_number(801), address="建设路 1 号"
        )
        self.other = make_resident(
            session, name="李秀英", phone=OTHER_PHONE, id_number=None, address="建设路 2 号"
        )
        self.daughter = make_account(session, self.one, self.other, kind=GrantKind.HELPER)
        self.account = make_account(session, self.other)
        make_hardship(session, self.one, ends_on=date(2021, 1, 1))
        make_hardship(session, self.other, starts_on=date(2021, 1, 1))
        self.care_for(session, self.one, SpecialCare.LIVING_ALONE)
        self.care_for(session, self.other, SpecialCare.EMPTY_NEST)
        self.look_at(session, self.other)
        self.lunch = make_sitting(session, self.canteen, in_days=1)
        self.dinner = make_sitting(session, self.canteen, in_days=2, meal=Meal.DINNER)
        self.book(session, self.lunch, self.one)
        self.booking_id = self.book(session, self.dinner, self.other)
        duplicates.find_duplicates(session)
        self.pair_id = pair_of(session, self.one.id, self.other.id)

    def care_for(self, session, resident, care):
        session.add(SpecialCarePeriod(resident_id=resident.id, care=care, starts_on=LONG_AGO))
        session.flush()

    def look_at(self, session, resident):
        staff, now = make_staff(session, "city_officer", division_code="1405"), clock.now()
        session.add(
            Opening(
                resident_id=resident.id,
                staff_id=staff.id,
                reason="tests",
                opened_at=now,
                expires_at=now + timedelta(minutes=30),
            )
        )
        session.flush()

    def book(self, session, sitting, resident):
        return book_meal(
            session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.STAFF
        ).id


def pair_of(session, one_id, other_id):
    query = text("SELECT id FROM possible_duplicate WHERE one_id = :one AND other_id = :other")
    return session.execute(query, {"one": one_id, "other": other_id}).scalar_one_or_none()
