"""Counties hear once a week of canteens that stand still."""

from sqlalchemy import text

from server.meals.viability.telling import tell_counties
from tests.factories.eaten import Kitchen

SENT = "SELECT count(*) FROM message WHERE kind = 'meals.county_digest'"


def test_officers_of_a_county_with_a_still_canteen_are_told_once(session):
    kitchen = Kitchen(session)
    for officer in (kitchen.officer, kitchen.other):
        officer.phone = f"+86139{officer.id:08d}"
    session.flush()

    told = [tell_counties(session) for _ in range(2)]

    assert told == [2, 0]
    assert session.execute(text(SENT)).scalar_one() == 2
