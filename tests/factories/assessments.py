"""Assessments at any point of their life, made by those who would make them."""

from contextlib import contextmanager
from datetime import timedelta

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.residents.assessments import service
from server.residents.assessments.models import (
    Assessment,
    AssessmentReason,
    AssessmentStatus,
)
from server.residents.assessments.scale import PRESENT, scales
from tests.factories.people import make_sign_in, make_staff

SCALE = scales()[PRESENT]
ALL_POINTS = {code: item.most for code, item in SCALE.items.items()}


def points_of(total):
    """Return answers of so many points: taken from the end of the form, item by item."""
    points, left = dict(ALL_POINTS), SCALE.most - total
    for code in reversed(points):
        taken = min(left, points[code])
        points[code] -= taken
        left -= taken
    return points


class Office:
    """Someone on the staff, who acts by a sign-in of their own."""

    def __init__(self, session, role=Role.COUNTY_OFFICER, division_code="140502", *, site_id=None):
        where = {"division_code": division_code} if site_id is None else {"site_id": site_id}
        self.staff = make_staff(session, role, **where)
        self.token = make_sign_in(session, staff=self.staff, days=3_650)

    @contextmanager
    def at_work(self, *, writes=True):
        with (
            acting(Act(Face.CONSOLE, "tests", "test", token=self.token)),
            sessions.transaction(writes=writes) as session,
        ):
            yield session


def begin(office, resident_id, *, days_ago=0, reason=AssessmentReason.FIRST, note=""):
    with office.at_work() as session:
        begun = service.begin_assessment(
            session,
            resident_id,
            reason=reason,
            assessed_on=clock.today() - timedelta(days=days_ago),
            note=note,
        )
        return begun.id


def fill_in(office, assessment_id, total=70, **findings):
    with office.at_work() as session:
        service.save_sheet(session, assessment_id, {"points": points_of(total), **findings})


def hand_in(office, resident_id, *, total=70, days_ago=0, note="", **findings):
    """Begin, fill in and submit; return the assessment's id."""
    assessment_id = begin(office, resident_id, days_ago=days_ago, note=note)
    fill_in(office, assessment_id, total, **findings)
    with office.at_work() as session:
        service.submit_assessment(session, assessment_id)
    return assessment_id


def confirm(office, assessment_id):
    with office.at_work() as session:
        return service.confirm_assessment(session, assessment_id)


def give_level(session, resident, level, *, starts_on=None, ends_on=None):
    """Put down a level in force, signed by two of the city, without an answer behind it."""
    now, today = clock.now(), starts_on or clock.today()
    one, other = (make_staff(session, "city_officer", division_code="1405") for _ in range(2))
    session.add(
        Assessment(
            resident_id=resident.id,
            scale_version=PRESENT,
            reason=AssessmentReason.FIRST,
            assessed_on=today,
            assessor_id=one.id,
            status=AssessmentStatus.CONFIRMED,
            self_care=0,
            movement=0,
            mind=0,
            senses=0,
            total=0,
            initial_level=level,
            final_level=level,
            submitted_at=now,
            reviewed_by=other.id,
            reviewed_at=now,
            starts_on=today,
            ends_on=ends_on or today + timedelta(days=365),
        )
    )
    session.flush()
