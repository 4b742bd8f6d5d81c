"""getCourse"""

from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


def test_nobody_else_sees_courses_for_caregivers(app, session, course):
    phone = Phone(app.test_client(), session, make_sign_in(session, account=make_account(session)))

    assert phone.get("/v1/courses").json == {"is_caregiver": False, "items": []}
    assert phone.get(f"/v1/courses/{course.id}").status_code == 404
    assert (
        phone.post(f"/v1/courses/{course.id}/enrolment").json["type"].rpartition("/")[2]
        == "course-not-for-you"
    )
