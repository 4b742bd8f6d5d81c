"""Courses on the phone: what is open, a place or a turn, leaving, and for families too."""

from server.caregivers.training.models import CourseKind
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.factories.training import make_course, make_session, make_trainees
from tests.mobile_api.conftest import Phone


def test_a_caregiver_sees_what_is_open(own_phone, course):
    answer = own_phone.get("/v1/courses").json

    assert answer["is_caregiver"] is True
    assert [(one["id"], one["enrolled"], one["enrolment_id"]) for one in answer["items"]] == [
        (course.id, 0, None)
    ]


def test_a_place_is_taken_and_given_up(own_phone, course):
    taken = own_phone.post(f"/v1/courses/{course.id}/enrolment")
    assert (taken.status_code, taken.json["enrolment_state"]) == (201, "enrolled")
    assert len(taken.json["meetings"]) == 1

    left = own_phone.post(f"/v1/enrolments/{taken.json['enrolment_id']}/cancellation")
    again = own_phone.post(f"/v1/enrolments/{taken.json['enrolment_id']}/cancellation")
    assert (left.status_code, again.status_code) == (204, 204)
    assert own_phone.get(f"/v1/courses/{course.id}").json["enrolment_id"] is None


def test_enrolling_twice_is_refused(own_phone, course):
    own_phone.post(f"/v1/courses/{course.id}/enrolment")

    answer = own_phone.post(f"/v1/courses/{course.id}/enrolment")

    assert (answer.status_code, answer.json["type"].rpartition("/")[2]) == (409, "already-enrolled")


def test_one_reads_ones_turn_in_the_line(session, own_phone, course):
    make_trainees(session, course, 3)

    answer = own_phone.post(f"/v1/courses/{course.id}/enrolment").json

    assert (answer["enrolment_state"], answer["turn"]) == ("waiting", 3)


def test_nobody_else_sees_courses_for_caregivers(app, session, course):
    phone = Phone(app.test_client(), session, make_sign_in(session, account=make_account(session)))

    assert phone.get("/v1/courses").json == {"is_caregiver": False, "items": []}
    assert phone.get(f"/v1/courses/{course.id}").status_code == 404
    assert (
        phone.post(f"/v1/courses/{course.id}/enrolment").json["type"].rpartition("/")[2]
        == "course-not-for-you"
    )


def test_a_family_carer_enrols_for_an_elder(app, session):
    course = make_session(session, make_course(session, kind=CourseKind.FAMILY))
    elder = make_resident(session)
    account = make_account(session, elder)
    phone = Phone(app.test_client(), session, make_sign_in(session, account=account))
    carer = {"name": "王芳", "relation": "child", "resident_id": elder.id}

    assert [one["id"] for one in phone.get("/v1/courses").json["items"]] == [course.id]
    answer = phone.post(f"/v1/courses/{course.id}/enrolment", {"carer": carer})

    assert (answer.status_code, answer.json["enrolment_state"]) == (201, "enrolled")


def test_another_persons_enrolment_is_not_found(session, own_phone, course):
    [other] = make_trainees(session, course, 1)

    assert own_phone.post(f"/v1/enrolments/{other.id}/cancellation").status_code == 404


def test_nobody_is_let_in_without_a_sign_in(app, session):
    assert Phone(app.test_client(), session).get("/v1/courses").status_code == 401
