"""listCourses"""

from tests.mobile_api.conftest import Phone


def test_a_caregiver_sees_what_is_open(own_phone, course):
    answer = own_phone.get("/v1/courses").json

    assert answer["is_caregiver"] is True
    assert [(one["id"], one["enrolled"], one["enrolment_id"]) for one in answer["items"]] == [
        (course.id, 0, None)
    ]


def test_nobody_is_let_in_without_a_sign_in(app, session):
    assert Phone(app.test_client(), session).get("/v1/courses").status_code == 401
