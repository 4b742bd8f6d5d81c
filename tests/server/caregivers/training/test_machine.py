"""Whatever is done to a course, in whichever order: places are counted, nothing counts twice."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server import clock
from server.caregivers.training import attending, enrolling, examining, keeping
from server.caregivers.training.attending import Noted
from server.caregivers.training.bringing import freeze_subsidies
from server.caregivers.training.certifying import issue_certificates
from server.caregivers.training.models import CourseKind
from server.caregivers.training.queries import list_meetings
from server.db.acts import Act, Face
from server.db.sessions import enter
from server.errors import DomainError
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.people import make_sign_in, make_staff
from tests.factories.training import make_course, make_session

PEOPLE = 5
# Each is a sentence that must stay true after every deed.
NEVER = {
    "places are counted": """
        SELECT 1 FROM course_session s WHERE s.enrolled <> (
            SELECT count(*) FROM enrolment e WHERE e.session_id = s.id AND e.state = 'enrolled')""",
    "never above capacity": "SELECT 1 FROM course_session WHERE enrolled > capacity",
    "nobody waits beside a free place": """
        SELECT 1 FROM course_session s WHERE s.state = 'published' AND s.enrolled < s.capacity
           AND s.starts_at > :now
           AND EXISTS (SELECT 1 FROM enrolment e
                        WHERE e.session_id = s.id AND e.state = 'waiting')""",
    "minutes count once": """
        SELECT 1 FROM continuing_education c JOIN course_meeting m ON m.id = c.meeting_id
         GROUP BY c.meeting_id, c.caregiver_id, m.closed_at
        HAVING count(*) > 1 OR m.closed_at IS NULL""",
    "a certificate has its exam": """
        SELECT 1 FROM completion_certificate k WHERE NOT EXISTS (
            SELECT 1 FROM exam_result r WHERE r.enrolment_id = k.enrolment_id AND r.is_passed
               AND r.confirmed_by <> r.entered_by)""",
    "money has its certificate's exam": """
        SELECT 1 FROM training_subsidy t WHERE t.amount_fen > 0 AND NOT EXISTS (
            SELECT 1 FROM exam_result r WHERE r.enrolment_id = t.enrolment_id AND r.is_passed
               AND r.confirmed_at IS NOT NULL)""",
}
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["enrol", "leave", "remove"]), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("places"), st.integers(1, 4)),
        st.tuples(
            st.just("attend"), st.integers(0, 1), st.integers(0, PEOPLE - 1), st.integers(0, 130)
        ),
        st.tuples(st.just("close"), st.integers(0, 1)),
        st.tuples(st.just("examine"), st.integers(0, PEOPLE - 1), st.integers(0, 100)),
        st.tuples(
            st.sampled_from(["confirm", "confirm_own", "issue", "freeze", "next_day", "cancel"])
        ),
    ),
    min_size=6,
    max_size=22,
)  # fmt: skip


class School:
    """A course of two classes for three, five caregivers who may want it, and two officers."""

    def __init__(self, session, traveller):
        self.session, self.traveller = session, traveller
        course = make_course(session, kind=CourseKind.SKILL, has_exam=True, pass_mark=60,
                             least_percent=50, issuer="鉴定中心")  # fmt: skip
        self.run = make_session(session, course, capacity=3, starts_in=timedelta(days=1))
        self.meetings = [one.id for one in list_meetings(session, self.run.id)]
        site = make_site(session)
        self.people = [make_caregiver(session, site) for _ in range(PEOPLE)]
        for one in self.people:
            make_employment(session, one)
        self.one, self.other = (
            make_staff(session, "city_officer", division_code="1405") for _ in range(2)
        )
        session.flush()

    def do(self, deed, *given):
        try:
            with self.session.begin_nested():
                getattr(self, deed)(*given)
        except DomainError:
            self.session.expire_all()

    def enrol(self, number):
        enrolling.enrol_caregivers(self.session, self.run.id, [self.people[number].id])

    def leave(self, number):
        enrolling.leave(self.session, self.place_of(number))

    def remove(self, number):
        enrolling.remove(self.session, self.place_of(number))

    def places(self, capacity):
        keeping.change_places(self.session, self.run.id, capacity=capacity)

    def attend(self, meeting, number, minutes):
        meeting_id = self.meetings[meeting]
        starts_at = self.session.execute(
            text("SELECT starts_at FROM course_meeting WHERE id = :id"), {"id": meeting_id}
        ).scalar_one()
        line = Noted(self.place_of(number), starts_at, starts_at + timedelta(minutes=minutes))
        attending.keep_list(self.session, meeting_id, [line])

    def close(self, meeting):
        attending.close_meeting(self.session, self.meetings[meeting])

    def examine(self, number, score):
        place = self.place_of(number)
        with self.acting(self.one):
            examining.enter_results(
                self.session, self.run.id, sat_on=clock.today(), scores={place: score}
            )

    def confirm(self):
        with self.acting(self.other):
            examining.confirm_results(self.session, self.run.id)

    def confirm_own(self):
        with self.acting(self.one):
            examining.confirm_results(self.session, self.run.id)

    def issue(self):
        issue_certificates(self.session, self.run.id)

    def freeze(self):
        freeze_subsidies(self.session, self.run.id)

    def cancel(self):
        keeping.cancel_session(self.session, self.run.id, reason="停课")

    def next_day(self):
        self.traveller.shift(timedelta(days=1))

    def place_of(self, number):
        query = text(
            "SELECT id FROM enrolment WHERE caregiver_id = :one ORDER BY ended_at IS NOT NULL, id"
        )
        found = self.session.execute(query, {"one": self.people[number].id}).scalars().first()
        return found or 0

    def acting(self, staff):
        return Acting(self.session, staff)


class Acting:
    """For a while somebody of the staff acts in the session."""

    def __init__(self, session, staff):
        self.session, self.staff = session, staff

    def __enter__(self):
        token = make_sign_in(self.session, staff=self.staff)
        self.session.flush()
        self._enter(Act(Face.CONSOLE, "tests", "test", token=token))

    def __exit__(self, *_):
        self._enter(Act(Face.COMMAND, "tests", "test", service=True))

    def _enter(self, act):
        self.session.info["actor"] = enter(self.session.connection(), act, writes=True)


@pytest.mark.long
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(deeds=DEEDS)
def test_what_must_stay_true_stays_true(session, time_machine, deeds):
    time_machine.move_to(clock.now())
    outer = session.begin_nested()
    school = School(session, time_machine)
    for deed in deeds:
        school.do(*deed)
        for sentence, broken in NEVER.items():
            assert (
                session.execute(
                    text(broken), {"now": clock.now()} if ":now" in broken else {}
                ).all()
                == []
            ), sentence
    outer.rollback()
