"""A place or the line for one: told, left again, taken by the next, and never sold twice."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.caregivers.training import enrolling, keeping
from server.caregivers.training.enrolling import enrol_caregivers, enrol_carer, enrol_own, leave
from server.caregivers.training.errors import (
    AlreadyEnrolled,
    CourseNotForYou,
    CourseNotSo,
    EnrolmentClosed,
    FewerPlacesThanTrainees,
    MeetingsOverlap,
)
from server.caregivers.training.models import CourseKind, EnrolmentState, Relation, SessionState
from server.caregivers.training.telling import tell_of_tomorrow
from server.db.acts import Act, Face
from server.db.sessions import enter
from server.errors import NotFound
from tests.factories.caregivers import make_caregiver
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.factories.training import AN_HOUR, make_course, make_session, make_trainees

STATES = EnrolmentState


def told(session):
    query = text("SELECT kind, count(*) FROM message WHERE kind LIKE 'training.%' GROUP BY kind")
    return dict(session.execute(query).all())


def places(session, course_session):
    session.refresh(course_session)
    return course_session.enrolled


@pytest.fixture
def by_phone(session):
    """Let the session go on as the holder of an account."""

    def by_phone(account):
        token = make_sign_in(session, account=account)
        session.flush()
        session.info["actor"] = enter(
            session.connection(), Act(Face.PHONE, "tests", "test", token=token), writes=True
        )

    return by_phone


class TestTakingAPlace:
    def test_the_first_take_the_places_and_the_others_wait(self, session):
        course = make_session(session, capacity=2)

        made = make_trainees(session, course, 3)

        assert [one.state for one in made] == [STATES.ENROLLED, STATES.ENROLLED, STATES.WAITING]
        assert places(session, course) == 2
        assert told(session) == {"training.enrolled": 2, "training.waiting": 1}

    def test_who_is_there_already_is_left_out(self, session):
        course = make_session(session)
        first = make_trainees(session, course, 1)[0].caregiver_id
        other = make_caregiver(session).id

        assert len(enrol_caregivers(session, course.id, [first, other])) == 1
        with pytest.raises(AlreadyEnrolled):
            enrol_caregivers(session, course.id, [first, other])

    def test_nobody_enrols_after_the_deadline(self, session, time_machine):
        course = make_session(session)
        time_machine.move_to(course.enrol_until + timedelta(seconds=1))

        with pytest.raises(EnrolmentClosed):
            make_trainees(session, course, 1)

    def test_nobody_enrols_where_nothing_is_published(self, session):
        course = make_session(session, is_published=False)

        with pytest.raises(CourseNotSo):
            make_trainees(session, course, 1)

    def test_somebody_unknown_is_not_found(self, session):
        with pytest.raises(NotFound):
            enrol_caregivers(session, make_session(session).id, [999_999])


class TestByPhone:
    def test_a_caregiver_enrols_by_their_own_phone(self, session, by_phone):
        course = make_session(session)
        account = make_account(session)
        caregiver = make_caregiver(session, account_id=account.id)
        by_phone(account)

        assert enrol_own(session, course.id).caregiver_id == caregiver.id

    def test_nobody_else_does(self, session, by_phone):
        course = make_session(session)
        by_phone(make_account(session))

        with pytest.raises(CourseNotForYou):
            enrol_own(session, course.id)

    def test_a_daughter_learns_to_care_for_her_mother(self, session, by_phone):
        course = make_session(session, make_course(session, kind=CourseKind.FAMILY))
        mother = make_resident(session)
        account = make_account(session, mother)
        by_phone(account)

        made = enrol_carer(
            session, course.id, name="王芳", relation=Relation.CHILD, resident_id=mother.id
        )

        assert (made.account_id, made.resident_id) == (account.id, mother.id)

    def test_a_carer_names_somebody_they_act_for(self, session, by_phone):
        course = make_session(session, make_course(session, kind=CourseKind.FAMILY))
        stranger = make_resident(session)
        by_phone(make_account(session, make_resident(session)))

        with pytest.raises(NotFound):
            enrol_carer(
                session, course.id, name="王芳", relation=Relation.CHILD, resident_id=stranger.id
            )

    def test_a_carer_takes_no_place_among_caregivers(self, session, by_phone):
        course, elder = make_session(session), make_resident(session)
        by_phone(make_account(session, elder))

        with pytest.raises(CourseNotForYou):
            enrol_carer(
                session, course.id, name="王芳", relation=Relation.CHILD, resident_id=elder.id
            )


class TestLeaving:
    def test_the_longest_waiting_moves_up_and_is_told(self, session):
        course = make_session(session, capacity=1)
        first, second, third = make_trainees(session, course, 3)

        leave(session, first.id)

        for one in (first, second, third):
            session.refresh(one)
        assert [one.state for one in (first, second, third)] == [
            STATES.LEFT, STATES.ENROLLED, STATES.WAITING,
        ]  # fmt: skip
        assert second.moved_up_at is not None
        assert told(session)["training.moved_up"] == 1
        assert places(session, course) == 1

    def test_twice_is_as_good_as_once(self, session):
        course = make_session(session)
        [one] = make_trainees(session, course, 1)

        leave(session, one.id)
        leave(session, one.id)

        assert places(session, course) == 0

    def test_not_after_the_deadline(self, session, time_machine):
        course = make_session(session)
        [one] = make_trainees(session, course, 1)
        time_machine.move_to(course.enrol_until + timedelta(seconds=1))

        with pytest.raises(EnrolmentClosed):
            leave(session, one.id)

    def test_whoever_keeps_the_session_can_still_take_somebody_off(self, session, time_machine):
        course = make_session(session, capacity=1)
        first, second = make_trainees(session, course, 2)
        time_machine.move_to(course.enrol_until + timedelta(seconds=1))

        enrolling.remove(session, first.id)

        session.refresh(second)
        assert second.state is STATES.ENROLLED

    def test_one_may_come_back_at_the_end_of_the_line(self, session):
        course = make_session(session, capacity=1)
        first, _ = make_trainees(session, course, 2)
        leave(session, first.id)

        [again] = enrol_caregivers(session, course.id, [first.caregiver_id])

        assert again.state is STATES.WAITING


class TestKeeping:
    def test_more_places_are_taken_by_the_line(self, session):
        course = make_session(session, capacity=1)
        make_trainees(session, course, 4)

        keeping.change_places(session, course.id, capacity=3)

        assert places(session, course) == 3

    def test_fewer_places_than_trainees_are_refused(self, session):
        course = make_session(session, capacity=3)
        make_trainees(session, course, 3)

        with pytest.raises(FewerPlacesThanTrainees) as refused:
            keeping.change_places(session, course.id, capacity=2)
        assert refused.value.facts == {"enrolled": 3}

    def test_a_moved_meeting_is_told_and_moves_the_session(self, session):
        course = make_session(session)
        make_trainees(session, course, 2)
        meeting = session.execute(
            text("SELECT id, starts_at FROM course_meeting ORDER BY starts_at LIMIT 1")
        ).one()
        earlier = meeting.starts_at - AN_HOUR

        keeping.move_meeting(session, meeting.id, starts_at=earlier, ends_at=earlier + AN_HOUR)

        session.refresh(course)
        assert course.starts_at == earlier
        assert told(session)["training.moved"] == 2

    def test_meetings_never_run_at_once(self, session):
        make_session(session)
        one, other = session.execute(
            text("SELECT id, starts_at FROM course_meeting ORDER BY starts_at")
        ).all()

        with pytest.raises(MeetingsOverlap):
            keeping.move_meeting(
                session, one.id, starts_at=other.starts_at, ends_at=other.starts_at + AN_HOUR
            )

    def test_everybody_hears_that_a_session_is_off(self, session):
        course = make_session(session, capacity=1)
        make_trainees(session, course, 2)

        keeping.cancel_session(session, course.id, reason="老师生病")

        assert course.state is SessionState.CANCELLED
        assert told(session)["training.cancelled"] == 2
        with pytest.raises(CourseNotSo):
            keeping.cancel_session(session, course.id, reason="老师生病")

    def test_tomorrows_classes_are_told_once(self, session, time_machine):
        course = make_session(session)
        make_trainees(session, course, 2)
        time_machine.move_to(course.starts_at - timedelta(days=1))

        assert [tell_of_tomorrow(session), tell_of_tomorrow(session)] == [2, 0]
