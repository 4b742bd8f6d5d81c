"""enrolInCourse"""

from server.caregivers.training.models import CourseKind
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.factories.training import make_course, make_session, make_trainees
from tests.mobile_api.conftest import Phone


def test_enrolling_twice_is_refused(own_phone, course):
    own_phone.post(f"/v1/courses/{course.id}/enrolment")

    answer = own_phone.post(f"/v1/courses/{course.id}/enrolment")

    assert (answer.status_code, answer.json["type"].rpartition("/")[2]) == (409, "already-enrolled")


def test_one_reads_ones_turn_in_the_line(session, own_phone, course):
    make_trainees(session, course, 3)

    answer = own_phone.post(f"/v1/courses/{course.id}/enrolment").json

    assert (answer["enrolment_state"], answer["turn"]) == ("waiting", 3)


def test_a_family_carer_enrols_for_an_elder(app, session):
    course = make_session(session, make_course(session, kind=CourseKind.FAMILY))
    elder = make_resident(session)
    account = make_account(session, elder)
    phone = Phone(app.test_client(), session, make_sign_in(session, account=account))
    carer = {"name": "王芳", "relation": "child", "resident_id": elder.id}

    assert [one["id"] for one in phone.get("/v1/courses").json["items"]] == [course.id]
    answer = phone.post(f"/v1/courses/{course.id}/enrolment", {"carer": carer})

    assert (answer.status_code, answer.json["enrolment_state"]) == (201, "enrolled")
