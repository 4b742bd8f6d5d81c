"""Everybody wants the last places of a course at once; each race has a twin without its guard."""

import pytest
from sqlalchemy import text

from server.caregivers.training.attending import Noted, keep_list
from server.caregivers.training.enrolling import enrol_caregivers, leave
from server.caregivers.training.queries import list_meetings
from server.db import sessions
from tests.concurrency.racing import as_owner, look, race
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.training import make_session, make_trainees

PLACES, PEOPLE = 5, 24
WITHOUT_CAPACITY = (
    "ALTER TABLE course_session DROP CONSTRAINT ck_course_session_enrolled_within_capacity"
)
WITHOUT_ONE_PLACE = "DROP INDEX uq_enrolment_one_caregiver"
MISCOUNTED = """
    SELECT s.id FROM course_session s
     WHERE s.enrolled <> (SELECT count(*) FROM enrolment e
                           WHERE e.session_id = s.id AND e.state = 'enrolled')
"""
# What an import or plain SQL does: nothing is held, nothing is asked first.
BARE = text(
    """
    INSERT INTO enrolment (session_id, caregiver_id, name, state, joined_at, wrong_codes)
    VALUES (:session, :caregiver, 'x', 'enrolled', statement_timestamp(), 0)
    """
)


@sessions.in_transaction
def enrol(session_id, caregiver_id, *, session):
    return enrol_caregivers(session, session_id, [caregiver_id])[0].state.value


@sessions.in_transaction
def enrol_barely(session_id, caregiver_id, *, session):
    session.execute(BARE, {"session": session_id, "caregiver": caregiver_id})
    return "enrolled"


@sessions.in_transaction
def give_up(enrolment_id, *, session):
    return leave(session, enrolment_id).state.value


@pytest.fixture
def course(settle):
    return settle(lambda session: make_session(session, capacity=PLACES).id)


@pytest.fixture
def caregivers(settle):
    def make(session):
        site = make_site(session)
        people = [make_caregiver(session, site) for _ in range(PEOPLE)]
        for one in people:
            make_employment(session, one)
        return [one.id for one in people]

    return settle(make)


class TestTheLastPlaces:
    def test_as_many_get_one_as_there_are_and_the_others_wait(
        self, own_city, platform, course, caregivers
    ):
        outcomes = race(caregivers, lambda one: enrol(course, one))

        assert outcomes == {"enrolled": PLACES, "waiting": PEOPLE - PLACES}
        assert look(own_city, "SELECT enrolled FROM course_session") == [(PLACES,)]
        assert look(own_city, MISCOUNTED) == []

    def test_plain_sql_gets_no_more(self, own_city, platform, course, caregivers):
        outcomes = race(caregivers, lambda one: enrol_barely(course, one))

        assert outcomes["enrolled"] == PLACES
        assert look(own_city, "SELECT enrolled FROM course_session") == [(PLACES,)]

    def test_without_the_guard_the_same_race_oversells(
        self, own_city, platform, course, caregivers
    ):
        as_owner(own_city, WITHOUT_CAPACITY)

        outcomes = race(caregivers, lambda one: enrol_barely(course, one))

        assert outcomes["enrolled"] > PLACES


class TestTwoButtons:
    """One caregiver is enrolled by the home and by phone at once."""

    def test_there_is_one_place(self, own_city, platform, course, caregivers):
        outcomes = race([caregivers[0]] * 8, lambda one: enrol_barely(course, one))

        assert outcomes["enrolled"] == 1
        assert look(own_city, "SELECT count(*) FROM enrolment") == [(1,)]

    def test_without_the_guard_there_are_several(self, own_city, platform, course, caregivers):
        as_owner(own_city, WITHOUT_ONE_PLACE)

        outcomes = race([caregivers[0]] * 4, lambda one: enrol_barely(course, one))

        assert outcomes["enrolled"] > 1


def test_whoever_leaves_at_once_lets_as_many_move_up(own_city, platform, settle):
    _, leaving = settle(_full_course)

    outcomes = race(leaving, give_up)

    assert outcomes == {"left": PLACES}
    assert look(own_city, "SELECT enrolled FROM course_session") == [(PLACES,)]
    moved = "SELECT count(*) FROM message WHERE kind = 'training.moved_up'"
    assert look(own_city, moved) == [(PLACES,)]


def test_one_person_is_noted_once_at_a_meeting(own_city, platform, settle, time_machine):
    course_id, trainees = settle(_full_course)
    meeting = settle(lambda session: list_meetings(session, course_id)[0])
    time_machine.move_to(meeting.ends_at)

    @sessions.in_transaction
    def note(enrolment_id, *, session):
        return keep_list(session, meeting.id, [Noted(enrolment_id, meeting.starts_at)])

    outcomes = race([trainees[0]] * 8, note)

    assert outcomes == {1: 1, 0: 7}
    assert look(own_city, "SELECT count(*) FROM course_attendance") == [(1,)]


def _full_course(session):
    course = make_session(session, capacity=PLACES)
    people = make_trainees(session, course, 2 * PLACES)
    return course.id, [one.id for one in people[:PLACES]]
