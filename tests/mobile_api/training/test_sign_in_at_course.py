"""signInAtCourse"""

from datetime import timedelta

from sqlalchemy import text

from server import clock


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
