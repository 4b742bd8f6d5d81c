"""What a story of a caregiver needs of the served city, done as the platform."""

from datetime import date, timedelta

from sqlalchemy import text

from infra.demo.faces import PHONE_HOLDERS
from scheduler.timetable import TIMETABLE
from scheduler.watching import line_of
from server import clock
from server.caregivers.reminders.asking import remind_caregivers
from server.caregivers.reminders.service import find_due
from server.identity.queries import find_account
from server.places.ladders import Move, working_day
from server.places.workdays import is_workday
from server.providers.models import Site
from server.timetable.service import begin_run, end_run, read_out
from tests.factories.caregivers import make_caregiver, make_certificate, make_employment

NAME = "樊春桃"
A_MONTH = timedelta(days=30)
OPERATORS_SITE = text(
    "SELECT r.site_id FROM staff_role r JOIN staff s ON s.id = r.staff_id"
    " WHERE s.sign_in_name = 'operator'"
)


def remind_of_a_certificate(*, session):
    """A caregiver of the operator's home, with the daughter's phone, whose certificate ends in a
    month; reminded as on the last working day."""
    day = working_day(clock.today(), Move.BEFORE, is_workday)
    site = session.get(Site, session.execute(OPERATORS_SITE).scalars().first())
    account = find_account(session, PHONE_HOLDERS[1].phone)
    caregiver = make_caregiver(session, site, name=NAME, account_id=account.id)
    make_employment(session, caregiver, starts_on=date(2022, 1, 10))
    make_certificate(session, caregiver, valid_until=day + A_MONTH)
    due = find_due(session, day, day, day=day)
    remind_caregivers(session, [one for one in due if one.caregiver_id == caregiver.id])


def read_the_timetable(*, session):
    """A scheduler leads and reads its timetable out; one of its jobs failed this morning."""
    now = clock.now()
    read_out(session, [line_of(entry, now) for entry in TIMETABLE])
    for hours in range(1, 9):
        slot = now - timedelta(hours=hours)
        this = {"job": "forget_what_ran_out", "slot": slot, "runner": "r"}
        if begin_run(session, **this):
            end_run(session, **this, items=hours, error=None if hours > 1 else "TimeoutError")
