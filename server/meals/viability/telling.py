"""Counties are told once a week which canteens stand still, and whose money waits too long."""

from datetime import datetime, time, timedelta

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.meals.settlement import queries as settlements
from server.meals.viability.queries import list_viability
from server.meals.viability.rules import Standing
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.providers.queries import within

MORNING = time(8, 30)
KIND = "meals.county_digest"
OFFICERS = text(
    """
    SELECT DISTINCT s.phone, s.language, r.division_code FROM staff_role r
      JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE r.role = 'county_officer' AND r.starts_on <= :today
       AND (r.ends_on IS NULL OR r.ends_on > :today)
     ORDER BY s.phone, r.division_code
    """
)


def tell_counties(session: Session) -> int:
    """Tell each county's officers of canteens that stand still and of late settlements.

    The platform acts. Where there is neither, nothing is sent. Returns how many messages were put
    into the outbox; harmless twice on a day.
    """
    today = clock.today()
    everywhere = within([""], ())
    still = [
        one.row.county_code
        for one in list_viability(session, everywhere, today=today)
        if one.standing is Standing.STILL
    ]
    wanted = settlements.Wanted(is_late=True)
    late = [row.county_code for row in settlements.list_settlements(session, everywhere, wanted)]
    officers = session.execute(OFFICERS, {"today": today}).all()
    asked = [_asked(one, still.count(_county(one)), late.count(_county(one))) for one in officers]
    return ask_for_messages(session, [one for one in asked if any(one.facts.values())])


def _county(officer: Row[tuple[str, str, str]]) -> str:
    return str(officer.division_code[:6])


def _asked(officer: Row[tuple[str, str, str]], still: int, late: int) -> Asked:
    at = datetime.combine(clock.today(), MORNING, clock.CITY)
    return Asked(
        phone=officer.phone,
        language=officer.language,
        channel=Channel.SMS,
        kind=KIND,
        subject=f"{_county(officer)}:{clock.today()}",
        facts={"still": still, "late": late},
        due_at=at,
        expires_at=at + timedelta(days=2),
    )
