"""The door by phone, and what one learned: hours, results, the paper, and its page for anybody."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from mobile_api.training.check_app import create_app as create_check_app
from server import clock
from server.caregivers.training import door
from server.caregivers.training.attending import close_meeting
from server.caregivers.training.certifying import issue_certificates
from server.caregivers.training.enrolling import enrol_caregivers


@pytest.fixture
def enrolled(session, course, caregiver):
    [enrolment] = enrol_caregivers(session, course.id, [caregiver.id])
    return enrolment


@pytest.fixture
def at_the_door(enrolled, meeting, time_machine):
    time_machine.move_to(meeting.starts_at, tick=False)
    return door.code_of(meeting.id, clock.now())


def test_the_digits_at_the_door_sign_one_in(at_the_door, own_phone, meeting):
    answer = own_phone.post("/v1/course-attendances", {"code": at_the_door.typed})

    assert answer.status_code == 201
    assert (answer.json["meeting_id"], answer.json["minutes"]) == (meeting.id, 120)


def test_a_wrong_code_is_refused_and_counted(session, at_the_door, own_phone):
    answer = own_phone.post("/v1/course-attendances", {"code": "wrong-code"})

    assert (answer.status_code, answer.json["type"].rpartition("/")[2]) == (409, "door-code-wrong")
    assert session.execute(text("SELECT wrong_codes FROM enrolment")).scalar_one() == 1


def test_a_code_of_before_is_refused(at_the_door, own_phone, time_machine):
    time_machine.shift(timedelta(seconds=61))

    answer = own_phone.post("/v1/course-attendances", {"code": at_the_door.scanned})

    assert answer.json["type"].rpartition("/")[2] == "door-code-wrong"


def test_there_is_no_class_now(enrolled, own_phone, time_machine):
    time_machine.move_to(clock.now() - timedelta(hours=1))

    answer = own_phone.post("/v1/course-attendances", {"code": "123456"})

    assert answer.json["type"].rpartition("/")[2] == "no-meeting-now"


@pytest.fixture
def certified(session, at_the_door, own_phone, meeting, course, time_machine):
    own_phone.post("/v1/course-attendances", {"code": at_the_door.typed})
    time_machine.move_to(meeting.ends_at + timedelta(minutes=1))
    close_meeting(session, meeting.id)
    issue_certificates(session, course.id)
    return session.execute(text("SELECT id, check_code FROM completion_certificate")).one()


def test_hours_results_and_the_paper_are_ones_own(certified, own_phone):
    learned = own_phone.get("/v1/learning").json

    assert (learned["minutes"], learned["hours"]) == (120, 12)
    assert [(one["minutes"], one["planned"]) for one in learned["runs"]] == [(120, 120)]
    assert learned["runs"][0]["check_address"].endswith(f"/t/{certified.check_code}")
    paper = own_phone.get(f"/v1/completion-certificates/{certified.id}/paper")
    assert paper.data[:5] == b"%PDF-"


def test_nobody_elses_paper_is_found(certified, app, session, phone):
    assert phone.get(f"/v1/completion-certificates/{certified.id}/paper").status_code == 404


class TestThePageForAnybody:
    @pytest.fixture
    def ask(self, session):
        client = Client(create_check_app())

        def ask(code):
            session.commit()
            return client.get(f"/{code}", headers={"Accept-Language": "zh-CN"})

        return ask

    def test_it_says_no_more_than_is_needed(self, ask, certified, caregiver):
        answer = ask(certified.check_code)

        assert answer.status_code == 200
        assert "证书真实有效" in answer.text
        assert "消防与急救" in answer.text
        assert caregiver.name not in answer.text

    def test_a_code_that_is_nobodys(self, ask, certified):
        answer = ask("x" * 22)

        assert answer.status_code == 404
        assert "没有找到这张证书" in answer.text

    def test_one_that_was_taken_back_says_so(self, session, ask, certified):
        today = clock.today()
        session.execute(
            text("UPDATE completion_certificate SET annulled_on = :day, annul_reason = '替考'"),
            {"day": today},
        )

        assert f"这张证书已于 {today} 收回" in ask(certified.check_code).text
